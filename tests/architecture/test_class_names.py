"""No two classes of the product share a name: an import alone says what is meant."""

import ast
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_PRODUCT = ("config", "feedback_site", "nps", "surveys", "visits")
_OF_DJANGO = {"Command", "Media", "Meta", "Migration"}  # names that Django looks for


def _shared_names(sources: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the names that more than one class has, and where."""
    places = defaultdict(list)
    for path, source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef) and node.name not in _OF_DJANGO:
                places[node.name].append(f"{path}:{node.lineno}")
    return {name: where for name, where in places.items() if len(where) > 1}


def test_no_two_classes_share_a_name():
    files = [path for app in _PRODUCT for path in (_ROOT / app).rglob("*.py")]

    assert len(files) > 500
    sources = [(str(path.relative_to(_ROOT)), path.read_text(encoding="utf-8")) for path in files]
    assert _shared_names(sources) == {}


def test_a_shared_name_is_found_wherever_the_classes_stand():
    sources = [
        ("a.py", "class Grade:\n    class Meta: ..."),
        ("b.py", "class Other:\n    class Meta: ..."),
        ("c.py", "def build():\n    class Grade: ..."),
        ("d.py", "class Command: ..."),
        ("e.py", "class Command: ..."),
    ]

    assert _shared_names(sources) == {"Grade": ["a.py:1", "c.py:2"]}
