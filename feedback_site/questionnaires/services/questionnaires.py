"""Published questionnaires, compiled once per process.

Their questions, the screens these stand on, and what they need to know.
"""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Literal

from feedback_site.common.languages import organisation_languages
from feedback_site.common.public_pages import LANGUAGES_ASKED
from feedback_site.questionnaires.document import Document, EndPageContent, Json, Texts, read_document
from feedback_site.questionnaires.enums import ConditionSource, Layout
from feedback_site.questionnaires.models import QuestionnaireVersion
from feedback_site.questionnaires.questions import CompiledQuestion, compile_question
from feedback_site.questionnaires.services.piping import pipes_in

# Old versions fall out when a process has seen this many;
# they come back with one more column in one statement.
MOST_VERSIONS = 256
Step = tuple[CompiledQuestion, ...]


@dataclass(frozen=True, eq=False)
class CompiledQuestionnaire:
    """One published version: its document and its compiled questions."""

    version_id: int
    document: Document
    questions: Sequence[CompiledQuestion] = field(default_factory=tuple)

    def word(self, name: Literal["title", "intro", "thanks", "privacy"], language: str) -> str:
        """Return one of the texts of the whole in `language`."""
        texts: Texts = getattr(self.document, name)
        return texts.get(language, "")

    @property
    def first_scored(self) -> CompiledQuestion | None:
        """The first question that takes a whole number.

        A score in an address, or a reply of one digit, answers it.
        """
        return next((question for question in self.questions if question.scores), None)

    def language_of(self, asked: str, invited: str) -> str:
        """Return the language to show.

        The one asked for in the address, else the invitation's, else the questionnaire's own.
        """
        offered = self.languages
        wanted = (LANGUAGES_ASKED.get(asked.lower(), invited), self.document.default_language)
        return next((code for code in wanted if code in offered), offered[0])

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of the version that the organisation offers now; all where it offers none of them."""
        offered = organisation_languages()
        return tuple(code for code in self.document.languages if code in offered) or self.document.languages

    @cached_property
    def sets(self) -> tuple[str, ...]:
        """The rotating sets, in one order for all processes."""
        return tuple(sorted({question.question_set for question in self.questions} - {""}))

    @cached_property
    def drawable(self) -> tuple[str, ...]:
        """What an invitation may have drawn, by place: nothing, or one of the sets."""
        return ("", *self.sets)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The screens: the questions by page, or one by one.

        A section's text stands above the question that follows it.
        """
        if self.document.layout == Layout.SINGLE:
            return _one_by_one(self.questions)
        return tuple(
            tuple(group) for _page, group in groupby(self.questions, key=lambda question: question.page)
        )

    @property
    def ends(self) -> tuple[EndPageContent, ...]:
        """The end pages, in the order in which they are tried."""
        return self.document.end_pages

    @cached_property
    def pipes(self) -> frozenset[str]:
        """What the texts of its forms repeat: `event`, `answer`."""
        texts = [self.document.title, self.document.intro]
        texts += [question.texts[name] for question in self.questions for name in ("text", "help")]
        return _sources_in(texts)

    @cached_property
    def end_pipes(self) -> frozenset[str]:
        """What the thanks and the end pages repeat."""
        return _sources_in([self.document.thanks, *(end.text for end in self.ends)])

    @cached_property
    def is_plain(self) -> bool:
        """Whether all customers of one rotating set and language see the same form."""
        return len(self.steps) <= 1 and not self.pipes and not self.needs_facts

    @cached_property
    def keeps_files(self) -> bool:
        """Whether a question takes a file or a signature, which are kept as they arrive."""
        return any(question.is_kept for question in self.questions)

    @cached_property
    def takes_uploads(self) -> bool:
        """Whether a form of it may come with files."""
        return any(question.takes_uploads for question in self.questions)

    @cached_property
    def has_drawing(self) -> bool:
        """Whether one of its pages carries the script for drawing.

        All then allow it, for one page may come instead of another.
        """
        return any(question.needs_script for question in self.questions)

    @cached_property
    def has_plain_thanks(self) -> bool:
        """Whether all customers read the same thanks."""
        return not self.ends and not self.end_pipes

    @cached_property
    def takes_at_once(self) -> bool:
        """Whether a form that came back is read, and thanked for, with nothing but the form itself."""
        return self.is_plain and self.has_plain_thanks and not self.keeps_files

    @cached_property
    def feeding(self) -> tuple[CompiledQuestion, ...]:
        """The questions whose answers feed an indicator."""
        return tuple(question for question in self.questions if question.feeds)

    @cached_property
    def fee_question(self) -> CompiledQuestion | None:
        """The question what the customer paid, if one asks."""
        return next((one for one in self.questions if one.is_fee), None)

    @cached_property
    def needs_facts(self) -> bool:
        """Whether a condition looks at the event."""
        conditions = [question.condition for question in self.questions]
        conditions += [end.depends_on for end in self.ends]
        return any(
            test.of == ConditionSource.EVENT
            for condition in conditions
            if condition
            for test in condition.tests
        )


def _sources_in(texts: Iterable[Texts]) -> frozenset[str]:
    return frozenset(pipe.source for text in texts for words in text.values() for pipe in pipes_in(words))


def _one_by_one(questions: Sequence[CompiledQuestion]) -> tuple[Step, ...]:
    steps: list[Step] = []
    above: Step = ()
    for question in questions:
        above = (*above, question)
        if question.asks:
            steps.append(above)
            above = ()
    return (*steps, above) if above else tuple(steps)


_questionnaires: dict[int, CompiledQuestionnaire] = {}


def compile_version(version_id: int, content: Json) -> CompiledQuestionnaire:
    """Read a version, compile it and keep it: published versions are frozen, so nothing ever expires."""
    document = read_document(content)
    compiled = CompiledQuestionnaire(version_id, document, tuple(map(compile_question, document.questions)))
    while len(_questionnaires) >= MOST_VERSIONS:
        _questionnaires.pop(next(iter(_questionnaires)), None)
    return _questionnaires.setdefault(version_id, compiled)


def questionnaire_of(version_id: int) -> CompiledQuestionnaire:
    """Return a published version, compiled; the first time in a process it is read from the database."""
    known = _questionnaires.get(version_id)
    if known is not None:
        return known
    content = QuestionnaireVersion.objects.values_list("document", flat=True).get(pk=version_id)
    return compile_version(version_id, content)


def known_questionnaire(version_id: int) -> CompiledQuestionnaire | None:
    """Return a published version if this process has compiled it before, without asking the database."""
    return _questionnaires.get(version_id)


def draw_set(*, version_id: int, seed: uuid.UUID) -> str:
    """Return the rotating set that falls to `seed`; empty when there are none.

    Each is as likely as the others, and it is always the same.
    """
    sets = questionnaire_of(version_id).sets
    if not sets:
        return ""
    number = int.from_bytes(hashlib.sha256(seed.bytes).digest()[:8])
    return sets[number % len(sets)]
