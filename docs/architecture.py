"""Draws the apps of README.md and docs/architecture.md from the import contracts, so that neither goes stale.

`make architecture` writes both; a test fails while a drawn section differs from what this module draws.
"""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAPERS = ("README.md", "docs/architecture.md")
_SECTION = re.compile(
    r"(?P<begin><!-- drawn by `make architecture`: (?P<name>[a-z ]+) -->\n).*?(?P<end><!-- end -->)",
    re.DOTALL,
)
_KINDS: Mapping[str, str] = {
    "urls": "addresses",
    "admin": "staff pages",
    "management": "commands",
    "views": "pages",
    "api": "the REST API",
    "middleware": "what runs before every page",
    "pages": "what makes the HTML of pages and letters",
    "tasks": "sweeps that Celery runs: fetch, call one service, log the count",
    "forms": "what people type, checked",
    "resources": "rows as files",
    "templatetags": "what templates ask for",
    "services": "all that changes rows",
    "selectors": "what reads across models",
    "models": "tables with their constraints and querysets",
    "walk": "the walk through a questionnaire: which screen is next, which answers count",
    "channels": "how a message leaves",
    "questions": "one module for each question type",
    "rules": "decisions on plain values, without the database",
    "permissions": "what a role may do",
    "document": "a questionnaire as one typed object and as JSON: drafts, files and versions alike",
    "enums": "closed lists of words",
    "exceptions": "refusals by name",
}


def main() -> None:
    """Draw every section of every paper again."""
    sections = drawn_sections(contracts())
    for paper in PAPERS:
        path = ROOT / paper
        path.write_text(redrawn(path.read_text(), sections))


def redrawn(text: str, sections: Mapping[str, str]) -> str:
    """Return a paper with its sections drawn again. Raises `KeyError` for a section that is not known."""
    return _SECTION.sub(lambda found: f"{found['begin']}{sections[found['name']]}{found['end']}", text)


def contracts() -> Sequence[Mapping[str, Any]]:
    """Return the contracts that `make lint` holds the imports to."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    found: Sequence[Mapping[str, Any]] = project["tool"]["importlinter"]["contracts"]
    return found


def drawn_sections(imports: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """Return what is drawn, by name: the apps, and the modules inside an app."""
    between, inside, *_others = (contract["layers"] for contract in imports if contract["type"] == "layers")
    return {"the apps": _apps(between), "inside an app": _modules(inside)}


def sentence_of(app: str) -> str:
    """Return what an app says of itself, which has to be one line.

    Raises `ValueError` where it is missing or longer, since a row of a table holds one line.
    """
    package = ROOT / app.replace(".", "/") / "__init__.py"
    sentence = ast.get_docstring(ast.parse(package.read_text())) or ""
    if not sentence or "\n" in sentence:
        message = f"{package.relative_to(ROOT)} has to say in one line what the app is for."
        raise ValueError(message)
    return sentence


def _apps(layers: Sequence[str]) -> str:
    rows = [
        f"| {layer} | [`{app}`]({_link(app)}) | {sentence_of(app)} |\n"
        for layer, apps in _numbered(layers)
        for app in apps
    ]
    return "".join(["| layer | app | what it does |\n", "| --- | --- | --- |\n", *rows])


def _numbered(layers: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each layer with its number, counted from the ground, highest first."""
    for number, layer in zip(range(len(layers), 0, -1), layers, strict=True):
        yield number, _names(layer)


def _modules(layers: Sequence[str]) -> str:
    rows = [
        f"| {layer} | `{kind}` | {_KINDS[kind]} |\n" for layer, kinds in _numbered(layers) for kind in kinds
    ]
    return "".join(["| layer | module | what is in it |\n", "| --- | --- | --- |\n", *rows])


def _names(layer: str) -> list[str]:
    """Return the names in one layer; brackets mark those that an app may do without."""
    return [name.strip(" ()") for name in layer.split("|")]


def _link(app: str) -> str:
    """Return the address of an app's folder from any paper of the repository."""
    return f"/{app.replace('.', '/')}"


if __name__ == "__main__":
    main()
