"""Words that must turn up nowhere, in every spelling a program might give them."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

Haystack = Iterable[str | bytes]
_ALIGNMENTS = 3


@dataclass(frozen=True)
class Canary:
    """Something personal and how it may be written."""

    name: str
    words: tuple[str, ...]

    def spellings(self) -> set[bytes]:
        """Every word in every encoding, in lower case."""
        return {spelling.lower() for word in self.words for spelling in encodings(word)}


def phone(e164: str) -> Canary:
    """A Chinese number with and without its country, grouped, and its last eight digits.

    No mask keeps these.
    """
    national = e164.removeprefix("+86")
    first, middle, last = national[:3], national[3:7], national[7:]
    return Canary(
        "phone",
        (national, national[3:], f"{first} {middle} {last}", f"{first}-{middle}-{last}", f"{middle}-{last}"),
    )


def encodings(word: str) -> Iterator[bytes]:
    """What a word is in UTF-8, GBK, UTF-16, and in other ways to write it.

    JSON escapes once and twice, percent signs, hexadecimal, and base64 wherever the word begins.
    """
    plain = word.encode()
    yield plain
    yield word.encode("gbk")
    yield word.encode("utf-16-le")
    escaped = word.encode("unicode_escape")
    yield escaped
    yield escaped.replace(b"\\", b"\\\\")  # JSON as the broker repeats it
    yield repr(plain)[2:-1].encode()  # bytes as the broker and Python show them
    yield quote(word, safe="").encode()
    yield plain.hex().encode()
    for shift in range(_ALIGNMENTS):
        # Signs that share a group of three bytes with the neighbours say nothing of the word.
        encoded = b64encode(b"\0" * shift + plain).rstrip(b"=")
        yield encoded[shift + 1 if shift else 0 : len(encoded) - (len(plain) + shift) % _ALIGNMENTS]


def found(canaries: Iterable[Canary], places: dict[str, Haystack]) -> dict[str, set[str]]:
    """Return which canaries are in which place; places without one are left out."""
    needles = {canary.name: canary.spellings() for canary in canaries}
    hits: dict[str, set[str]] = {}
    for place, haystack in places.items():
        for piece in haystack:
            content = (piece.encode(errors="surrogateescape") if isinstance(piece, str) else piece).lower()
            hits.setdefault(place, set()).update(
                name for name, words in needles.items() if any(word in content for word in words)
            )
    return {place: names for place, names in hits.items() if names}
