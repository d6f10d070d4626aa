"""What a form says of itself when it comes back: which version, language and rotating set it shows.

With it, answers are read before the link is looked up, and link and answers then travel in one statement.
It proves nothing: whether the link leads to that version and set is decided where the answers are written.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

FIELD = ".form"
# Which screen was left, and whether by "back"; keys of questions have neither blank nor dot in front.
PAGE, BACK = ".page", ".back"
_read = re.compile(r"([0-9]{1,18}):([A-Za-z-]{2,10}):([0-9]{1,3})").fullmatch


@dataclass(frozen=True, slots=True)
class FormMark:
    """The hidden field of a form.

    `drawn` is the number of its rotating set among all that can be drawn, 0 for none.
    """

    version_id: int
    language: str
    drawn: int

    @classmethod
    def of(cls, fields: Mapping[str, Sequence[str]]) -> Self | None:
        """Return what the form says; None when it says nothing of the kind."""
        parts = _read(fields.get(FIELD, ("",))[-1])
        return cls(int(parts[1]), parts[2], int(parts[3])) if parts else None

    def __str__(self) -> str:
        return f"{self.version_id}:{self.language}:{self.drawn}"


def screen_left(fields: Mapping[str, Sequence[str]]) -> int:
    """Return the number of the screen that a form says it is, 0 where it says none."""
    return whole_number((fields.get(PAGE) or ("",))[-1])


def whole_number(text: str) -> int:
    """Return the number that was sent, 0 when it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else 0  # noqa: PLR2004 - no screen and no day has more digits
