"""Look-ups over enumerations know every member: what is added to one shows here before a page fails."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from pathlib import Path

_SOURCE = Path(__file__).resolve().parents[2]
_APPS = ("config", "feedback_site", "nps", "surveys", "visits")
# Look-ups that are partial by meaning, each guarded where it is read: path and name, with the reason.
_PARTIAL = {
    (
        "feedback_site/evaluations/rules/periods.py",
        "DAYS",
    ): "the kinds that are a number of days; a test of the module holds that the others are in MONTHS",
    (
        "feedback_site/evaluations/rules/periods.py",
        "MONTHS",
    ): "the kinds that are a number of months; a test of the module holds that the others are in DAYS",
    (
        "feedback_site/questionnaires/services/exchange/xlsform/settings.py",
        "_NAMES",
    ): "the two sides of a limit, no comparisons of ours",
    (
        "surveys/rules/asking.py",
        "VOIDED_BY",
    ): "the facts that end the question about a service; readers ask whether a fact is one of them",
    (
        "feedback_site/service_events/admin/later.py",
        "WORDS",
    ): "what staff record on a page of its own; service systems alone supersede",
}

Names = dict[str, type[Enum]]


@dataclass(slots=True)
class Table:
    """One dictionary whose keys are members of an enumeration, or words that are its values."""

    path: str
    line: int
    name: str
    members: set[str]
    enumerations: list[type[Enum]]
    is_read_with_default: bool = False
    readers: list[str] = field(default_factory=list)

    @property
    def missing(self) -> set[str]:
        """What the closest enumeration has and the table has not."""
        return min((_values(one) - self.members for one in self.enumerations), key=len)


@cache
def _enumerations() -> dict[str, type[Enum]]:
    found: dict[str, type[Enum]] = {}
    waiting: list[type[Enum]] = [Enum]
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.split(".")[0] in _APPS and len(one):
            found[f"{one.__module__}.{one.__qualname__}"] = one
    return found


def _values(kind: type[Enum]) -> set[str]:
    return {str(member.value) for member in kind}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for app in _APPS:
        for path in sorted((_SOURCE / app).rglob("*.py")):
            if "migrations" not in path.relative_to(_SOURCE).parts:
                yield str(path.relative_to(_SOURCE)), ast.parse(path.read_text())


def _names_of(path: str, tree: ast.Module) -> Names:
    """Return the enumerations that a module knows, by the names it has for them."""
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    own = {
        name.rpartition(".")[2]: kind for name, kind in _enumerations().items() if kind.__module__ == module
    }
    by_name: dict[str, list[type[Enum]]] = defaultdict(list)
    for kind in _enumerations().values():
        by_name[kind.__qualname__].append(kind)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                # A package hands on what its modules define: the closest of that name.
                fitting = [
                    kind
                    for kind in by_name[alias.name]
                    if kind.__module__.startswith((node.module or "").removesuffix(".enums"))
                ]
                if fitting:
                    own[alias.asname or alias.name] = fitting[0]
    return own


def _member(key: ast.expr | None, names: Names) -> tuple[type[Enum], str] | None:
    """Return the enumeration and the value that a key such as `Unit.HOURS` or `Unit.HOURS.value` names."""
    if isinstance(key, ast.Attribute) and key.attr == "value":
        key = key.value
    if isinstance(key, ast.Attribute) and isinstance(key.value, ast.Name):
        kind = names.get(key.value.id)
        if kind is not None and key.attr in kind.__members__:
            return kind, str(kind[key.attr].value)
    return None


def _tables_of(node: ast.Dict, path: str, names: Names) -> Iterator[Table]:
    by_kind: dict[type[Enum], set[str]] = defaultdict(set)
    for key in node.keys:
        if found := _member(key, names):
            by_kind[found[0]].add(found[1])
    # A table of two enumerations may say once what both call the same.
    members = set().union(*by_kind.values())
    for kind in by_kind:
        yield Table(path, node.lineno, "", members, [kind])
    constants = [key.value for key in node.keys if isinstance(key, ast.Constant)]
    words = {value for value in constants if isinstance(value, str)}
    if not by_kind and len(words) == len(node.keys) > 1 and words != {"yes", "no"}:
        fitting = [one for one in _enumerations().values() if words <= _values(one)]
        if fitting:
            yield Table(path, node.lineno, "", words, fitting)


def _walk(path: str, tree: ast.Module) -> tuple[list[Table], list[tuple[str, str, str]]]:
    """Return a module's tables, and (name, how, where) of every use of a name: `get`, `item` or `other`."""
    names = _names_of(path, tree)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    tables, uses = [], []
    for node in ast.walk(tree):
        parent = parents.get(node)
        if isinstance(node, ast.Dict):
            for table in _tables_of(node, path, names):
                target = (
                    parent.targets[0] if isinstance(parent, ast.Assign) else getattr(parent, "target", None)
                )
                table.name = target.id if isinstance(target, ast.Name) else ""
                above = parents.get(parent) if parent is not None else None
                is_got = (
                    isinstance(parent, ast.Attribute) and parent.attr == "get" and isinstance(above, ast.Call)
                )
                # `"%(a)s" % {"a": 1}` and `consent={Purpose.VISIT:
                # True}` are data, nothing is looked up in them.
                is_data = isinstance(parent, ast.BinOp | ast.Call | ast.Dict) or (
                    isinstance(parent, ast.keyword) and parent.arg != "label"
                )
                is_data |= isinstance(parent, ast.IfExp | ast.Return)
                table.is_read_with_default = is_got or is_data
                tables.append(table)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            how = (
                "item"
                if isinstance(parent, ast.Subscript)
                and parent.value is node
                and isinstance(parent.ctx, ast.Load)
                else "other"
            )
            how = "label" if isinstance(parent, ast.keyword) and parent.arg == "label" else how
            uses.append((node.id, how, f"{path}:{node.lineno}"))
    return tables, uses


@cache
def _lookups() -> list[Table]:
    """Return every look-up, with where it is read without a default."""
    tables: list[Table] = []
    readers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, tree in _modules():
        found, uses = _walk(path, tree)
        tables += found
        for name, how, place in uses:
            if how in {"item", "label"}:
                readers[name, path if name.startswith("_") else ""].append(place)
    for table in tables:
        if table.name:
            # A private name is read in its own module; one in capitals wherever it is imported.
            is_local = table.name.startswith("_") or not table.name.isupper()
            table.readers = (
                readers[table.name, table.path] if table.name.startswith("_") else readers[table.name, ""]
            )
            if is_local:
                table.readers = [place for place in table.readers if place.startswith(f"{table.path}:")]
            table.is_read_with_default = not table.readers
    return tables


def _is_refused(table: Table) -> bool:
    is_excused = table.is_read_with_default or (table.path, table.name) in _PARTIAL
    return bool(table.missing) and not is_excused


def test_that_every_lookup_over_an_enumeration_knows_all_its_members() -> None:
    partial = [
        f"{table.path}:{table.line} {table.name or 'a dictionary'} lacks {sorted(table.missing)}, read at "
        f"{table.readers}"
        for table in _lookups()
        if _is_refused(table)
    ]

    assert partial == []


def test_that_the_walk_sees_the_look_ups() -> None:
    seen = {(table.path, table.name) for table in _lookups() if not table.is_read_with_default}

    assert seen >= {
        ("visits/selectors/history.py", "sentences"),
        ("visits/admin/colours.py", "TRIGGER_COLOURS"),
        ("feedback_site/evaluations/templatetags/figures.py", "_PLACES"),
        ("feedback_site/improvements/selectors/history.py", ""),
        *_PARTIAL,
    }


# What templates compare with a word: the last name of the variable, and the word.
_COMPARED = re.compile(r"""([\w.]+)\s*(?:==|!=)\s*["'](\w+)["']""")
_OF_ENUMERATIONS = {
    "status",
    "unit",
    "direction",
    "proof_kind",
    "closing_reason",
    "mode",
    "visibility",
    "trigger",
    "outcome",
}
# Conditions from which on a chain is a look-up rather than a question.
_SOLE = 2
_TAG = re.compile(r"{%\s*(if|elif|else|endif)\b(.*?)%}", re.DOTALL)


def _chains(text: str) -> Iterator[tuple[list[str], bool]]:
    """Yield the conditions of every `if` in a template, and whether it ends in `else`."""
    open_ifs: list[tuple[list[str], list[bool]]] = []
    for tag, condition in _TAG.findall(text):
        match tag:
            case "if":
                open_ifs.append(([condition], []))
            case "elif":
                open_ifs[-1][0].append(condition)
            case "else":
                open_ifs[-1][1].append(True)
            case _:
                conditions, ends = open_ifs.pop()
                yield conditions, bool(ends)


def test_that_templates_ask_for_members_that_exist_and_leave_none_without_a_word() -> None:
    members = [_values(one) for one in _enumerations().values()]
    values = set.union(*members)
    wrong = []
    for template in sorted((_SOURCE / "feedback_site/templates").rglob("*.html")):
        for conditions, has_else in _chains(template.read_text()):
            compared = [pair for condition in conditions for pair in _COMPARED.findall(condition)]
            asked = {word for name, word in compared if name.rpartition(".")[2] in _OF_ENUMERATIONS}
            is_total = has_else or any(asked >= one for one in members)
            if not asked <= values or (asked and len(conditions) > _SOLE and not is_total):
                wrong.append((template.name, conditions))

    assert wrong == []
