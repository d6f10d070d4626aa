"""README and what lies in docs/ say what is true: drawn sections are fresh, paths and targets exist."""

import re
from pathlib import Path

import pytest

from docs.architecture import PAPERS, ROOT, contracts, drawn_sections, redrawn, sentence_of

_PAGES = sorted(
    str(path.relative_to(ROOT))
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md"))
)
_FOLDERS = (
    "config",
    "feedback_site",
    "surveys",
    "nps",
    "visits",
    "tests",
    "docs",
    "deploy",
    "benchmarks",
    ".ci",
)
_WRITTEN_PATH = re.compile(rf"`((?:{'|'.join(map(re.escape, _FOLDERS))})/[^`\s<>*{{}}]*)`")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)[^)]*\)|src=\"([^\"]+)\"")
_TARGET = re.compile(r"`make ([a-z-]+)")


@pytest.mark.parametrize("paper", PAPERS)
def test_what_is_drawn_from_the_contracts_is_fresh(paper):
    text = (ROOT / paper).read_text()

    assert "drawn by `make architecture`" in text
    assert redrawn(text, drawn_sections(contracts())) == text, "Run `make architecture`."


def test_an_app_that_moves_in_the_contract_makes_the_papers_stale():
    between, *others = contracts()
    swapped = {**between, "layers": list(reversed(between["layers"]))}
    text = (ROOT / "README.md").read_text()

    assert redrawn(text, drawn_sections([swapped, *others])) != text


def test_the_table_of_apps_names_each_app_with_its_sentence():
    table = drawn_sections(contracts())["the apps"]

    for row in table.splitlines()[2:]:
        app = re.search(r"`([a-z_.]+)`", row)[1]
        assert (ROOT / app.replace(".", "/") / "__init__.py").is_file()
        assert row.endswith(f"| {sentence_of(app)} |")


@pytest.mark.parametrize("docstring", ["", '"""It takes two lines\n\nto say it."""'])
def test_an_app_that_does_not_say_in_one_line_what_it_is_for_is_refused(monkeypatch, tmp_path, docstring):
    (tmp_path / "made_up").mkdir()
    (tmp_path / "made_up" / "__init__.py").write_text(docstring)
    monkeypatch.setattr("docs.architecture.ROOT", tmp_path)

    with pytest.raises(ValueError, match=r"made_up/__init__\.py has to say in one line"):
        sentence_of("made_up")


@pytest.mark.parametrize("page", _PAGES)
def test_a_path_that_a_page_names_exists(page):
    text = (ROOT / page).read_text()

    assert [path for path in _WRITTEN_PATH.findall(text) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", _PAGES)
def test_a_link_or_picture_of_a_page_leads_to_a_file(page):
    found = ["".join(groups) for groups in _LINK.findall((ROOT / page).read_text())]

    assert [link for link in found if not _target_of(link, page).exists()] == []


@pytest.mark.parametrize("page", _PAGES)
def test_a_make_target_that_a_page_names_exists(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(_TARGET.findall((ROOT / page).read_text())) <= targets


def _target_of(link: str, page: str) -> Path:
    """Links that begin with a slash start at the repository's root, as GitHub reads them."""
    return ROOT / link.lstrip("/") if link.startswith("/") else (ROOT / page).parent / link
