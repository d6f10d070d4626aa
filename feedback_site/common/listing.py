"""Lists and labels with the marks of the reader's language: “a, b” in English, “a、b” in Chinese."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def listed(items: Iterable[object]) -> str:
    """Return the items as one list."""
    return pgettext("between the items of a list", ", ").join(str(item) for item in items)


def in_sequence(sentences: Iterable[object]) -> str:
    """Return sentences without full stops, or items that hold commas themselves, one after the other."""
    return pgettext("between sentences", "; ").join(str(sentence) for sentence in sentences)


def labelled(label: object, text: object) -> str:
    """Return a label and what it stands for."""
    return pgettext("label and what it stands for", "%(label)s: %(text)s") % {"label": label, "text": text}


def with_remark(text: object, remark: object) -> str:
    """Return a text with a remark in brackets."""
    return pgettext("text and remark in brackets", "%(text)s (%(remark)s)") % {"text": text, "remark": remark}
