"""The part of XPath that our conditions and limits can say exactly.

What they cannot say is refused with a reason, never guessed.

In XPath an empty answer differs from every value and is below no number; our `differs` needs an answer. So
`${q} != 'x'` becomes "is not x, or was not answered", which `any` can say by itself and `all` can say only of
a question that is always answered.
"""

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

_TOKEN = re.compile(
    r"""\s*(?:(?P<ref>\$\{[^}]+\}|\.\./[\w.-]+)|(?P<text>'[^']*'|"[^"]*")|(?P<number>-?\d+(?:\.\d+)?|-?\.\d+)"""
    r"""|(?P<operator><=|>=|!=|=|<|>)|(?P<word>[A-Za-z][\w-]*(?::[\w-]+)?)|(?P<dot>\.)|(?P<mark>[(),]))"""
)
_LONGEST, _DEEPEST = 4000, 40
ORDERS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
_OPPOSITE = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "=": "!=", "!=": "="}


class CannotSayError(ValueError):
    """An expression says what has no counterpart here; `str()` is the reason."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`subject operator value`; operators are XPath's, and `selected`, `unselected`.

    The subject `.` is the answer itself.
    """

    subject: str
    operator: str
    value: str
    is_number: bool = False
    of_length: bool = False

    def opposite(self) -> "Comparison":
        """Return what holds where this does not, of an answer that was given."""
        operators = {**_OPPOSITE, "selected": "unselected", "unselected": "selected"}
        return Comparison(self.subject, operators[self.operator], self.value, self.is_number, self.of_length)


@dataclass(frozen=True, slots=True)
class Constant:
    """What holds for all customers, or for none: `true()`, `0`, `1 = 2`."""

    holds: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts of which all or any hold."""

    join: str
    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Negated:
    """What does not hold."""

    part: "Tree"


Tree = Comparison | Constant | Joined | Negated


def parse(text: str) -> Tree:
    """Return an expression as a tree. Raises CannotSayError."""
    if len(text) > _LONGEST:
        raise CannotSayError(_("the expression is too long"))
    parser = _Parser(list(_tokens(text)))
    tree = parser.either(0)
    if parser.rest:
        raise CannotSayError(_("“%(part)s” is not understood") % {"part": parser.rest[0][1]})
    return tree


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place, text = 0, text.strip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if not found or not found.lastgroup:
            raise CannotSayError(_("“%(part)s” is not understood") % {"part": text[place : place + 20]})
        yield found.lastgroup, found[found.lastgroup]
        place = found.end()


class _Parser:
    """Reads tokens from the left."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.rest = tokens

    def either(self, depth: int) -> Tree:
        """Read parts joined by `or`."""
        if depth > _DEEPEST:
            raise CannotSayError(_("the expression is too deep"))
        return self._joined("any", "or", lambda: self._both(depth))

    def _both(self, depth: int) -> Tree:
        return self._joined("all", "and", lambda: self._one(depth))

    def _joined(self, join: str, word: str, read: Callable[[], Tree]) -> Tree:
        parts = [read()]
        while self._take("word", word):
            parts.append(read())
        return parts[0] if len(parts) == 1 else Joined(join, tuple(parts))

    def _one(self, depth: int) -> Tree:
        if self._take("mark", "("):
            tree = self.either(depth + 1)
            self._expect(")")
            return tree
        if self._next("word", "not"):
            self._call("not")
            tree = self.either(depth + 1)
            self._expect(")")
            return Negated(tree)
        if self._next("word", "selected"):
            return self._selected()
        return self._truth() or self._comparison()

    def _truth(self) -> Constant | None:
        """Read `true()` or `false()`; spreadsheets write them without brackets."""
        word = self.rest[0][1].lower() if self.rest and self.rest[0][0] == "word" else ""
        if word not in {"true", "false"}:
            return None
        self.rest.pop(0)
        if self._take("mark", "("):
            self._expect(")")
        return Constant(word == "true")

    def _selected(self) -> Comparison:
        self._call("selected")
        subject = self._subject()
        self._expect(",")
        kind, value = self._take_any("text", "number")
        self._expect(")")
        return Comparison(subject, "selected", _plain(kind, value))

    def _comparison(self) -> Comparison | Constant:
        left = self._operand()
        if not left.is_subject and not (self.rest and self.rest[0][0] == "operator"):
            return Constant(_is_true(left))
        _kind, sign = self._take_any("operator")
        right = self._operand()
        if not left.is_subject and not right.is_subject:
            return Constant(_holds(left, sign, right))
        if left.is_subject == right.is_subject:
            raise CannotSayError(_("it does not compare one answer with one value"))
        subject, value = (left, right) if left.is_subject else (right, left)
        return Comparison(
            subject.text,
            sign if left.is_subject else _FLIPPED[sign],
            value.text,
            value.kind == "number",
            subject.kind == "length",
        )

    def _operand(self) -> "_Operand":
        if self._next("word", "string-length") or self._next("word", "count-selected"):
            name = self.rest[0][1]
            self._call(name)
            subject = self._subject()
            self._expect(")")
            return _Operand("length", subject, is_subject=True)
        if self._next("word", "date"):
            self._call("date")
            kind, value = self._take_any("text")
            self._expect(")")
            return _Operand(kind, _plain(kind, value), is_subject=False)
        if self.rest and self.rest[0][0] in {"text", "number"}:
            kind, value = self.rest.pop(0)
            return _Operand(kind, _plain(kind, value), is_subject=False)
        return _Operand("answer", self._subject(), is_subject=True)

    def _subject(self) -> str:
        kind, text = self._take_any("ref", "dot")
        return (
            text if kind == "dot" else text.removeprefix("../").removeprefix("${").removesuffix("}").strip()
        )

    def _call(self, name: str) -> None:
        self._take("word", name)
        self._expect("(")

    def _next(self, kind: str, text: str) -> bool:
        return bool(self.rest) and self.rest[0] == (kind, text)

    def _take(self, kind: str, text: str) -> bool:
        if not self._next(kind, text):
            return False
        self.rest.pop(0)
        return True

    def _expect(self, mark: str) -> None:
        if not self._take("mark", mark):
            raise CannotSayError(_("“%(mark)s” is missing") % {"mark": mark})

    def _take_any(self, *kinds: str) -> tuple[str, str]:
        if not self.rest:
            raise CannotSayError(_("it ends too early"))
        if self.rest[0][0] not in kinds:
            raise CannotSayError(_("“%(part)s” has no counterpart here") % {"part": self.rest[0][1]})
        return self.rest.pop(0)


@dataclass(frozen=True, slots=True)
class _Operand:
    """One side of a comparison."""

    kind: str
    text: str
    is_subject: bool


def _is_true(value: _Operand) -> bool:
    """Return what XPath makes of a value by itself: 0 and nothing are false."""
    return number_in(value.text) != 0 if value.kind == "number" else bool(value.text)


def _holds(left: _Operand, sign: str, right: _Operand) -> bool:
    """Compare two values as XPath does: words only for sameness, anything else as numbers."""
    if sign in {"=", "!="} and "number" not in {left.kind, right.kind}:
        return (left.text == right.text) == (sign == "=")
    first, second = number_in(left.text), number_in(right.text)
    if first is None or second is None:
        return sign == "!="
    return ORDERS[sign](first, second)


def _plain(kind: str, text: str) -> str:
    return text[1:-1] if kind == "text" else text


def number_in(text: str) -> Decimal | None:
    """Return the number in a value, None where there is none."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def limits_in(tree: Tree) -> Sequence[Comparison]:
    """Return the comparisons of the answer itself that must all hold.

    Raises CannotSayError where it is anything else.
    """
    parts = tree.parts if isinstance(tree, Joined) and tree.join == "all" else (tree,)
    if not all(isinstance(part, Comparison) and part.subject == "." for part in parts):
        raise CannotSayError(_("it is more than limits of the answer itself"))
    return [part for part in parts if isinstance(part, Comparison)]
