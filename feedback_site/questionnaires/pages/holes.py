"""Pages with holes: rendered once with marks where texts repeat what is known of one customer, and cut there.

Each customer's words, escaped, go into the holes.
"""

import re
from dataclasses import dataclass

from django.utils.html import escape

from feedback_site.questionnaires.services.piping import PIPE, Known, Pipe, neutral

# Texts written by the author or the customer do not hold these: they are for private use and taken out.
_BEGIN, _END = "\ue000", "\ue001"
_MARK = re.compile(f"{_BEGIN}([^{_END}]*){_END}".encode())


@dataclass(frozen=True, slots=True)
class Hole:
    """What is written into a page, and the author's words, already escaped, for where nothing is known."""

    pipe: Pipe
    fallback: str = ""

    def said(self, known: Known) -> str:
        """Return the words for it, escaped.

        Where nothing is known and the author gave no words, those that fit.
        """
        words = known.words_of(self.pipe)
        return escape(words) if words else self.fallback or escape(known.instead_of(self.pipe))


Segments = tuple[bytes | Hole, ...]


def mark(text: str) -> str:
    """Return a text with marks where `cut` is to cut the page that it stands in."""
    plain = text.replace(_BEGIN, "").replace(_END, "")
    return PIPE.sub(
        lambda found: f"{_BEGIN}{found[1]}.{found[2]}|{(found[3] or '').strip()}{_END}", neutral(plain)
    )


def cut(page: bytes) -> Segments:
    """Return a rendered page as pieces and the holes between them."""
    pieces = _MARK.split(page)
    return tuple(_hole(piece.decode()) if place % 2 else piece for place, piece in enumerate(pieces))


def join(segments: Segments, known: Known) -> bytes:
    """Return the page with its holes filled."""
    return b"".join(part.said(known).encode() if isinstance(part, Hole) else part for part in segments)


def _hole(marked: str) -> Hole:
    named, _bar, fallback = marked.partition("|")
    source, _dot, name = named.partition(".")
    return Hole(Pipe(source, name), fallback)
