"""A signature: drawn with a finger or the mouse, or the full name, typed."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback_site.questionnaires.questions.base import Fields, read_words
from feedback_site.questionnaires.questions.invalid import InvalidAnswer
from feedback_site.questionnaires.questions.kept import Brought, KeptQuestion, Uploads
from feedback_site.questionnaires.questions.xlsform import XLSFORM_PICTURES, XlsformRow

WIDTH, HEIGHT = 600, 200
MOST_CHARACTERS = 80
_FEWEST_CHARACTERS = 2
# Points are `x.y`, joined by "-" to strokes, these by "_": signs that
# a form sends as they are. So a signature fits beside other answers.
_LONGEST = 30_000
_POINTS = re.compile(r"\d{1,3}\.\d{1,3}(?:[-_]\d{1,3}\.\d{1,3}){0,3999}", re.ASCII)
# Smaller than this it is a slip of the finger.
_SMALLEST = 20

Stroke = list[tuple[int, int]]


class SignatureQuestion(KeptQuestion):
    """A drawing, a typed name, or both. What is given again replaces what is kept."""

    name = "signature"
    label = gettext_lazy("Signature")
    order = 180
    template = "questionnaires/questions/signature.html"
    parts = ("strokes", "name")
    needs_script = True
    seconds = 15
    xlsform = (XlsformRow(XLSFORM_PICTURES, appearance="signature"),)

    @property
    def most(self) -> int:
        """A drawing and a name."""
        return 2

    @property
    def is_replaced(self) -> bool:
        """One signs again, not in addition."""
        return True

    def brought(self, fields: Fields, uploads: Uploads) -> list[Brought]:
        """Return the drawing and the name of a form. Raises InvalidAnswer."""
        strokes = self.one_value(fields, f"{self.key}.strokes")
        name = self.one_value(fields, f"{self.key}.name")
        drawn = [Brought("svg", draw(read_strokes(strokes)))] if strokes else []
        return [*drawn, *([Brought("text", _read_name(name).encode())] if name else [])]

    def in_words(self, answers: Mapping[str, Any], *, language: str) -> str:
        """Return that it was signed."""
        return _("signed") if self.key in answers else ""

    def context(self, *, language: str, values: Fields, error: str) -> dict[str, Any]:
        """Return what was drawn and typed so far; what is kept is one thing to the person who signed."""
        shown = super().context(language=language, values=values, error=error)
        return {
            **shown,
            "kept": " ".join(shown["kept"]),
            "strokes": _shown(values.get(f"{self.key}.strokes", ())),
            "name": next(iter(values.get(f"{self.key}.name", ())), ""),
            "max_length": MOST_CHARACTERS,
            "width": WIDTH,
            "height": HEIGHT,
        }


def read_strokes(text: str) -> list[Stroke]:
    """Return the strokes of a drawing. Raises InvalidAnswer."""
    if len(text) > _LONGEST or not _POINTS.fullmatch(text):
        raise InvalidAnswer(_("This drawing cannot be read. Please sign again."))
    strokes = [[_point(pair) for pair in stroke.split("-")] for stroke in text.split("_")]
    points = [point for stroke in strokes for point in stroke]
    across, down = zip(*points, strict=True)
    if max(across) > WIDTH or max(down) > HEIGHT:
        raise InvalidAnswer(_("This drawing cannot be read. Please sign again."))
    if max(across) - min(across) < _SMALLEST and max(down) - min(down) < _SMALLEST:
        raise InvalidAnswer(_("This is too small for a signature. Please sign again."))
    return strokes


def draw(strokes: list[Stroke]) -> bytes:
    """Return a drawing as SVG, made of numbers alone."""
    path = "".join(
        f"M{stroke[0][0]} {stroke[0][1]}" + "".join(f"L{x} {y}" for x, y in stroke[1:] or stroke)
        for stroke in strokes
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}">'
        f'<path d="{path}" fill="none" stroke="#000" stroke-width="3" stroke-linecap="round" '
        'stroke-linejoin="round"/></svg>'
    ).encode()


def _point(pair: str) -> tuple[int, int]:
    across, _dot, down = pair.partition(".")
    return int(across), int(down)


def _read_name(name: str) -> str:
    written = " ".join(read_words(name, most=MOST_CHARACTERS).split())
    if len(written) < _FEWEST_CHARACTERS or not any(character.isalpha() for character in written):
        raise InvalidAnswer(_("Please type your full name."))
    return written


def _shown(values: Any) -> str:
    text = next(iter(values), "")
    return text if len(text) <= _LONGEST and _POINTS.fullmatch(text) else ""
