"""What is made in one function only: invitations, and measurements on record."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_APPS = ("config", "feedback_site", "nps", "surveys", "visits")
# `bulk_create` stores what was made elsewhere.
_MAKING = {"create", "get_or_create", "update_or_create"}


def makers_of(model: str) -> Iterator[str]:
    """Yield the modules that make rows of a model, or the rows' objects."""
    for app in _APPS:
        for path in (_ROOT / app).rglob("*.py"):
            text = path.read_text()
            if model in text and any(_makes(node, model) for node in ast.walk(ast.parse(text))):
                yield str(path.relative_to(_ROOT))


def _makes(node: ast.AST, model: str) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    return called == model or called in {f"{model}.objects.{name}" for name in _MAKING}


@pytest.mark.parametrize(
    ("model", "module"),
    [
        ("Invitation", "surveys/services/invitations/inviting.py"),
        ("Measurement", "feedback_site/evaluations/services/measurements.py"),
    ],
)
def test_one_module_makes_them(model, module):
    assert list(makers_of(model)) == [module]
