"""A comprehension has one condition at most: two are a function with a name, or a loop."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_SOURCES = ("config", "feedback_site", "nps", "surveys", "visits", "benchmarks", "tests")
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _conditions(comprehension: ast.AST) -> int:
    """Return how many conditions a comprehension has, the parts of an `and` or an `or` counted one by one."""
    tests = [test for clause in getattr(comprehension, "generators", ()) for test in clause.ifs]
    return sum(_parts(test) for test in tests)


def _parts(test: ast.expr) -> int:
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test = test.operand
    return sum(map(_parts, test.values)) if isinstance(test, ast.BoolOp) else 1


def _crowded(source: str) -> Iterator[int]:
    """Yield the lines of the comprehensions that have more than one condition."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, _COMPREHENSIONS) and _conditions(node) > 1:
            yield node.lineno


def test_no_comprehension_has_two_conditions():
    files = [path for folder in _SOURCES for path in (_ROOT / folder).rglob("*.py")]

    found = [
        f"{path.relative_to(_ROOT)}:{line}"
        for path in files
        for line in _crowded(path.read_text(encoding="utf-8"))
    ]

    assert len(files) > 1000
    assert found == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("[a for a in b if a]", []),
        ("{a for a in b if not 1 < a < 5}", []),
        ("[a for a in b if a and c]", [1]),
        ("\n{a: c for a, c in b if not (a or c)}", [2]),
        ("any(a for a in b if a for c in a if c)", [1]),
        ("[[a for a in b if a] for b in c if b]", []),
        ("[a for a in [c for c in b if c if a] if a]", [1]),
    ],
)
def test_the_parts_of_a_condition_are_counted(source, lines):
    assert list(_crowded(source)) == lines
