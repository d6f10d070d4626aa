"""Keys under which answers are stored: proposed once from the wording, and kept when the wording changes."""

from collections.abc import Container

from django.utils.text import slugify

# Proposed keys are cut at a word, so that a number still fits behind.
_MOST_PROPOSED = 30


def propose_key(text: str, *, taken: Container[str], instead: str) -> str:
    """Return a key from English `text`, else `instead` with a number, that is not among those `taken`."""
    stem = _stem(text)
    if stem and stem not in taken:
        return stem
    number = 2 if stem else 1
    while (key := f"{stem or instead}_{number}") in taken:
        number += 1
    return key


def _stem(text: str) -> str:
    words = slugify(text).replace("-", "_").strip("_")
    if len(words) <= _MOST_PROPOSED:
        return words
    head, _, _ = words[: _MOST_PROPOSED + 1].rpartition("_")
    return head or words[:_MOST_PROPOSED]
