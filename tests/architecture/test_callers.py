"""What the product defines the product uses: nothing is kept for tests alone."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("config", "feedback_site", "surveys", "nps", "visits", "benchmarks")
# Modules whose names a framework looks up, and the statistics, which wait for the pages that will show them.
HOOKS = {
    "apps.py",
    "urls.py",
    "api_urls.py",
    "permissions.py",
    "settings",
    "formats",
    "management",
    "templatetags",
    "migrations",
}
WAITING = {"statistics", "benchmarks", "manage.py"}
# Decorators and base classes that register what they stand on.
REGISTERING = ("register", "shared_task", "receiver", "extend_schema")
REGISTERED = ("Extension", "Question")
# The catalogue of texts is collected from these.
READ_ELSEWHERE = {
    "feedback_site.common.library_texts.TEXTS",
}
Name = tuple[str, str]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def trees() -> Iterator[tuple[Path, ast.Module]]:
    yield ROOT / "manage.py", ast.parse((ROOT / "manage.py").read_text())
    for source in SOURCES:
        for path in sorted((ROOT / source).rglob("*.py")):
            yield path, ast.parse(path.read_text())


def is_registered(node: ast.stmt) -> bool:
    decorators = [ast.unparse(one) for one in getattr(node, "decorator_list", [])]
    bases = [ast.unparse(one) for one in getattr(node, "bases", [])]
    return any(word in text for text in decorators for word in REGISTERING) or any(
        text.endswith(REGISTERED) for text in bases
    )


def defined_in(tree: ast.Module) -> Iterator[str]:
    """Yield the names of a module's functions, classes and values."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not is_registered(node):
            yield node.name
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and target.id != "__all__":
                yield target.id


def imports_of(tree: ast.Module) -> dict[str, Name]:
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {
        alias.asname or alias.name: (node.module, alias.name)
        for node in imports
        if node.module
        for alias in node.names
    }


def read_in(tree: ast.Module) -> set[str]:
    """Return the names that a module reads outside what they name."""
    read = set()
    for top in tree.body:
        names = [node for node in ast.walk(top) if isinstance(node, ast.Name)]
        read |= {node.id for node in names if isinstance(node.ctx, ast.Load)} - {getattr(top, "name", None)}
    return read


def dotted_in(tree: ast.Module, imported: dict[str, Name]) -> Iterator[Name]:
    """Yield names that are read from imported modules, and the last names of dotted strings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
            yield "", node.value.rpartition(".")[2]
        elif (
            isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in imported
        ):
            yield ".".join(imported[node.value.id]), node.attr


def used_in(module: str, tree: ast.Module, *, is_package: bool) -> Iterator[Name]:
    imported, read = imports_of(tree), read_in(tree)
    yield from dotted_in(tree, imported)
    yield from ((module, name) for name in read)
    # A package that only hands a name on does not use it.
    used = imported.keys() & read if is_package else imported.keys()
    yield from (imported[name] for name in used)


def unused() -> set[str]:
    defined: set[Name] = set()
    used: dict[str, set[str]] = defaultdict(set)
    for path, tree in trees():
        module = module_of(path)
        for origin, name in used_in(module, tree, is_package=path.name == "__init__.py"):
            used[name].add(origin)
        if not HOOKS.union(WAITING) & {*path.relative_to(ROOT).parts}:
            defined.update((module, name) for name in defined_in(tree))
    return {
        f"{module}.{name}" for module, name in defined if not any(_is_within(module, at) for at in used[name])
    }


def _is_within(module: str, used: str) -> bool:
    """Whether what is used may be of this module; a name used without saying whose may be of any."""
    return not used or module == used or module.startswith(f"{used}.")


def test_the_product_uses_what_it_defines() -> None:
    assert unused() == READ_ELSEWHERE
