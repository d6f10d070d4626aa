"""No two modules of the product import each other, not even for types alone: one can be read first."""

import ast
from collections.abc import Mapping
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_PRODUCT = ("config", "feedback_site", "nps", "surveys", "visits", "benchmarks")


def _imported(source: str, known: Mapping[str, object]) -> set[str]:
    """Return the modules that a source imports; a name that is no module stands for the one that has it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found.update(name if name in known else node.module for name in names)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found & known.keys()


def _mutual(sources: Mapping[str, str]) -> list[tuple[str, str]]:
    imports = {module: _imported(source, sources) for module, source in sources.items()}
    pairs = [(module, other) for module, others in imports.items() for other in others if module < other]
    return sorted((module, other) for module, other in pairs if module in imports[other])


def test_no_two_modules_import_each_other():
    paths = [path for folder in _PRODUCT for path in (_ROOT / folder).rglob("*.py")]
    names = {path: ".".join(path.relative_to(_ROOT).with_suffix("").parts) for path in paths}

    sources = {name.removesuffix(".__init__"): path.read_text("utf-8") for path, name in names.items()}

    assert len(sources) > 500
    assert _mutual(sources) == []


def test_a_pair_is_found_in_whatever_form_it_is_imported():
    sources = {
        "shop": "",
        "shop.orders": "from shop import customers",
        "shop.customers": "if TYPE_CHECKING:\n    from shop.orders import Order",
        "shop.prices": "def price():\n    import shop.orders",
        "shop.stock": "from shop.prices import Price",
    }

    assert _mutual(sources) == [("shop.customers", "shop.orders")]
