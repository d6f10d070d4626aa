"""Where rows lie, what they are called, and who may read them.

Stated here again, not asked of the product.
"""

import re
from dataclasses import dataclass

# Region Parent with its stations Own and Sister, and Child below Own; region West stands apart.
PARENTS = {"Own": "Parent", "Sister": "Parent", "Child": "Own", "Parent": None, "West": None}
# What a row is decides who reads it: single cases, figures of many, rules and their questionnaires, teams,
# staff, files of one reader, and what is written for everybody, which staff find among their own cases.
KINDS = ("Case", "Figure", "Rule", "Script", "Team", "Staff", "Export", "Published")
READER = "Reader"
_WORD = re.compile(rf"kanari({'|'.join([*PARENTS, READER])})(\w*)", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Mark:
    """One place and kind: what a word or a key found on a page gives away."""

    place: str
    kind: str


def word(place: str, kind: str) -> str:
    """The canary of one kind of rows of one place.

    No word is part of another, whatever is cut off its end.
    """
    return f"Kanari{place}{kind}"


def line_of(place: str) -> list[str]:
    """The place and those above it, from below."""
    above = PARENTS[place]
    return [place] if above is None else [place, *line_of(above)]


def marks_in(text: str, keys: dict[str, Mark]) -> dict[str, Mark]:
    """Return the words and known keys in a text; a word whose kind was cut off counts as a case's."""
    found = {}
    for match in _WORD.finditer(text):
        place, rest = match[1].capitalize(), match[2].lower()
        kind = next((kind for kind in KINDS if rest.startswith(kind.lower())), "Case")
        found[match[0]] = Mark(place, kind)
    for key in _UUID.findall(text):
        if key in keys:
            found[key] = keys[key]
    return found


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows a person may read: `reach` is all, subtree, figures, assigned or nothing.

    `place` is where they are.
    """

    reach: str
    place: str = "Own"

    def allows(self, mark: Mark) -> bool:
        """Return whether such a row may be read from here."""
        if mark.place == READER:
            return True
        if mark.kind == "Export":
            return False
        if self.reach == "subtree":
            is_above = mark.place in line_of(self.place) and mark.kind in {"Rule", "Script", "Team"}
            return self.place in line_of(mark.place) or is_above
        if self.reach == "figures":
            return mark.kind in {"Figure", "Rule", "Team"}
        if self.reach == "assigned":
            return mark.place == self.place and mark.kind in {"Case", "Team", "Staff", "Script"}
        return self.reach == "all"
