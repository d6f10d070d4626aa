"""A test lies where its source lies: `tests/nps/services/test_drawing.py` tests `nps/services/drawing.py`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
# Kinds that walk through many apps, and what holds up the ground itself.
_KINDS = {"acceptance", "architecture", "chaos", "fuzz", "isolation", "journeys", "plugins"}
_BUILDERS = "factories"


def _stray(files: list[str], *, root: Path = _ROOT) -> Iterator[str]:
    """Yield files of `tests/` that are neither of a named kind nor builders nor where their source is."""
    for file in files:
        path = Path(file)
        kind = path.parts[1] if len(path.parts) > 2 else ""
        if path.name in {"__init__.py", "conftest.py"} or kind in _KINDS:
            continue
        is_test = path.name.startswith("test_")
        if is_test == (kind == _BUILDERS) or (is_test and not _mirrors(path, root)):
            yield file


def _mirrors(test: Path, root: Path) -> bool:
    """Say whether the folder has the test's module or package.

    What is said of a module may be split: `test_form_pages_narrow.py` is a part of what is
    said of `form_pages.py`. A test of a whole package begins with the name of the package.
    """
    folder = root.joinpath(*test.parent.parts[1:])
    if folder == root or not folder.is_dir():
        return False
    packages = {entry.name for entry in folder.iterdir() if entry.is_dir()}
    names = {entry.stem for entry in folder.glob("*.py")} | packages | {folder.name}
    if folder.name == "models":
        names.add("constraints")  # what the database refuses, of all models
    name = test.stem.removeprefix("test_")
    return any(name == known or name.startswith(f"{known}_") for known in names)


def test_every_test_lies_where_its_source_lies():
    files = sorted(str(path.relative_to(_ROOT)) for path in (_ROOT / "tests").rglob("*.py"))

    assert len(files) > 400
    assert list(_stray(files)) == []


@pytest.mark.parametrize(
    ("file", "is_stray"),
    [
        ("tests/nps/services/test_drawing.py", False),
        ("tests/nps/services/test_drawing_at_size.py", False),
        ("tests/nps/services/test_services.py", False),
        ("tests/nps/models/test_constraints.py", False),
        ("tests/nps/conftest.py", False),
        ("tests/fuzz/life_model.py", False),
        ("tests/factories/nps/case.py", False),
        ("tests/nps/test_drawing.py", True),
        ("tests/nps/services/test_drawings.py", True),
        ("tests/nps/services/test_constraints.py", True),
        ("tests/nps/services/case.py", True),
        ("tests/nowhere/test_drawing.py", True),
        ("tests/test_drawing.py", True),
        ("tests/cases.py", True),
        ("tests/factories/nps/test_case.py", True),
    ],
)
def test_a_stray_file_is_found(file, is_stray):
    assert list(_stray([file])) == [file] * is_stray
