"""Forms that differ from customer to customer.

They have several screens, questions that depend on the event, texts that repeat what is known.

Each screen is saved as the customer leaves it, and the address then leads to the next one (303), so that
reloading and the browser's own "back" do no harm. Opening an address writes nothing.
"""

from dataclasses import dataclass
from itertools import chain
from typing import Self

from feedback_site.common.public_pages.http import Reply
from feedback_site.questionnaires.pages import form_pages
from feedback_site.questionnaires.pages.form_marks import screen_left, whole_number
from feedback_site.questionnaires.questions import Fields
from feedback_site.questionnaires.rules.conditions import Values
from feedback_site.questionnaires.selectors.event_facts import NOTHING, EventFacts, event_facts
from feedback_site.questionnaires.services.piping import Known
from feedback_site.questionnaires.services.questionnaires import CompiledQuestionnaire
from feedback_site.questionnaires.walk import Walk, end_reached, fields_of, key_of
from surveys.selectors.responses import stored_answers
from surveys.services.drafts.saving import NOTHING_YET, Draft, read_draft, save_draft
from surveys.services.links.looking_up import Link

SECONDS = ".seconds"


@dataclass(frozen=True, eq=False)
class Journey:
    """The walk of a customer by their link: with what is saved and what is known of the event."""

    link: Link
    questionnaire: CompiledQuestionnaire
    language: str
    draft: Draft
    facts: EventFacts
    walk: Walk

    @classmethod
    def of(
        cls,
        link: Link,
        questionnaire: CompiledQuestionnaire,
        language: str,
        fields: Fields,
        *,
        draft: Draft = NOTHING_YET,
        facts: EventFacts = NOTHING,
    ) -> Self:
        """Return the journey of a link by some fields; without facts the form knows nothing of the event."""
        walk = Walk(questionnaire.steps, fields, facts.tested, link.question_set, language)
        return cls(link, questionnaire, language, draft, facts, walk)

    @property
    def known(self) -> Known:
        """What the holes of texts are filled with."""
        return Known(self.language, self.facts, self.walk.read.answers, self.questionnaire.questions)

    def sheet(self, place: int, *, can_unsubscribe: bool, score: int | None = None) -> form_pages.Sheet:
        """Return the form of the screen that is `place` screens behind the first."""
        return form_pages.Sheet(
            self.language,
            self.walk.screens[place],
            place + 1,
            len(self.walk.screens),
            score,
            can_unsubscribe,
            self.link.question_set,
        )


def begin(link: Link, questionnaire: CompiledQuestionnaire, *, language: str, asked: str) -> Journey:
    """Return where a customer stands by what is saved.

    One statement for that where there are several screens, one for facts if needed. A customer who goes on
    reads the language of before, unless the address asks for another.
    """
    draft = (read_draft(link.invitation_id) if len(questionnaire.steps) > 1 else None) or NOTHING_YET
    needs_facts = questionnaire.needs_facts or "event" in questionnaire.pipes
    facts = event_facts(link.service_event_id) if needs_facts else NOTHING
    shown = questionnaire.language_of(asked, draft.language or language)
    saved = fields_of(questionnaire.questions, draft.answers)
    return Journey.of(link, questionnaire, shown, saved, draft=draft, facts=facts)


def place_to_show(journey: Journey, *, asked: str) -> int:
    """Return how many screens come before the one numbered `asked`, or before the one to go on with."""
    return journey.walk.place_to_show(
        whole_number(asked), reached=journey.draft.page, has_answers=bool(journey.draft.answers)
    )


def last_words(
    link: Link, questionnaire: CompiledQuestionnaire, language: str, answers: Values | None
) -> tuple[int | None, Known]:
    """Return which end page is shown, None for the thanks, and what its holes are filled with.

    `answers` None: they are looked up.
    """
    needs_facts = questionnaire.needs_facts or "event" in questionnaire.end_pipes
    facts = event_facts(link.service_event_id) if needs_facts else NOTHING
    given = stored_answers(link.invitation_id) if answers is None else answers
    end = end_reached(questionnaire.ends, answers=given, facts=facts.tested)
    return end, Known(language, facts, given, questionnaire.questions)


def save_screen(journey: Journey, fields: Fields, *, page: int) -> bool:
    """Save what could be read of one screen and say whether the link still took it."""
    number, read = screen_left(fields), journey.walk.read
    own = {question.key for question in journey.walk.step_of(number)}
    answers = dict(chain(read.answers.items(), read.off_path.items()))
    spent = whole_number(fields.get(SECONDS, ("",))[-1])
    return save_draft(
        invitation_id=journey.link.invitation_id,
        answers={name: answer for name, answer in answers.items() if key_of(name) in own},
        keys=[*own, *(name for name in journey.draft.answers if key_of(name) in own)],
        page=page,
        seconds={number: spent} if spent and number else {},
        language=journey.language,
        words=read.words,
    )


def lead_to(number: int, language: str) -> Reply:
    """Lead the browser to a screen, in the language that the address asked for."""
    asked = f"&lang={language}" if language.isascii() and language.replace("-", "").isalnum() else ""
    return Reply(303, headers=(("Location", f"?page={number}{asked}"),))
