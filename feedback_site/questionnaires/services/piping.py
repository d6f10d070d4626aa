"""Facts of the event and earlier answers within texts: `{event.agent|our colleague}`, `{answer.reason}`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback_site.questionnaires.questions import CompiledQuestion
from feedback_site.questionnaires.selectors.event_facts import NOTHING, EventFacts

EVENT_NAMES = ("agent", "completed_on", "kind", "product")
PIPE = re.compile(r"\{\s*(event|answer)\.([\w-]+)\s*(?:\|([^{}]*))?\}")
_BRACES = re.compile(r"\{[^{}]*\}|｛[^｛｝]*｝")
_BRACE = re.compile(r"[{}｛｝]")
_HOLE = re.compile(rf"({PIPE.pattern})|{_BRACES.pattern}")
UNKNOWN = "…"


@dataclass(frozen=True, slots=True)
class Pipe:
    """What a text repeats: of the `event` or of an `answer`, and its name there."""

    source: str
    name: str


@dataclass(frozen=True, eq=False)
class Known:
    """What one customer's holes are filled with, in their language."""

    language: str
    facts: EventFacts = NOTHING
    answers: Mapping[str, Any] | None = None
    questions: Sequence[CompiledQuestion] = ()

    def words_of(self, pipe: Pipe) -> str:
        """Return what is known, as it is, empty when nothing is."""
        return self._event(pipe.name) if pipe.source == "event" else self._answer(pipe.name)

    def instead_of(self, pipe: Pipe) -> str:
        """Return a word that fits where nothing is known and the author gave none."""
        with translation.override(self.language):
            words = {
                "agent": _("our colleague"),
                "completed_on": _("that day"),
                "kind": _("service"),
                "product": _("product"),
            }
        return words.get(pipe.name, UNKNOWN) if pipe.source == "event" else UNKNOWN

    def _event(self, name: str) -> str:
        if name == "completed_on":
            return self._day(self.facts.completed_on) if self.facts.completed_on else ""
        if name == "kind":
            return self.facts.kind.get(self.language, "")
        return {"agent": self.facts.agent, "product": self.facts.product}.get(name, "")

    def _day(self, day: date) -> str:
        with translation.override(self.language):
            return date_format(day, "DATE_FORMAT")

    def _answer(self, key: str) -> str:
        asked = next((question for question in self.questions if question.key == key), None)
        return asked.in_words(self.answers or {}, language=self.language) if asked else ""


def pipes_in(text: str) -> Iterator[Pipe]:
    """Yield the pipes of a text."""
    for source, name, _fallback in PIPE.findall(text):
        yield Pipe(source, name)


def not_understood(text: str) -> list[str]:
    """Return what stands in braces in a text and is no pipe.

    Braces that stand alone too, and full-width ones.
    """
    rest = PIPE.sub("", text)
    return [*_BRACES.findall(rest), *_BRACE.findall(_BRACES.sub("", rest))]


def neutral(text: str) -> str:
    """Return a text with a neutral word for what stands in braces and nothing is known of.

    No customer reads a name between braces.
    """
    return _HOLE.sub(lambda found: found[0] if found[1] else UNKNOWN, text)


def fill(text: str, known: Known) -> str:
    """Return a text, not escaped, with its pipes filled."""
    return PIPE.sub(partial(_plain, known=known), neutral(text))


def _plain(found: re.Match[str], *, known: Known) -> str:
    pipe = Pipe(found[1], found[2])
    return known.words_of(pipe) or (found[3] or "").strip() or known.instead_of(pipe)
