"""Forms of which not everybody sees the same: several screens,
questions that depend on the event, texts that repeat what is known.

Each screen is saved as it is left, and the address then leads to the next one (303), so
that reloading and the browser's own "back" do no harm. Opening an address writes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Self

from django.utils import translation

from feedback_site.common.public_pages.http import Reply
from feedback_site.questionnaires.pages import form_pages
from feedback_site.questionnaires.questions import CompiledQuestion, Fields
from feedback_site.questionnaires.rules.conditions import Values, is_met
from feedback_site.questionnaires.selectors.event_facts import NOTHING, EventFacts, event_facts
from feedback_site.questionnaires.services.piping import Known
from feedback_site.questionnaires.services.questionnaires import CompiledQuestionnaire, Step
from feedback_site.questionnaires.walk.reading import ReadAnswers, read_answers
from feedback_site.questionnaires.walk.screens import Screen, plan_screens
from surveys.selectors.responses import stored_answers
from surveys.services.drafts.saving import NOTHING_YET, Draft, read_draft, save_draft
from surveys.services.links.looking_up import Link

PAGE, BACK, SECONDS = ".page", ".back", ".seconds"


@dataclass(frozen=True, eq=False)
class Journey:
    """Where a customer stands in a form: what they answered so
    far, in fields, and what is known of the event.
    """

    link: Link
    questionnaire: CompiledQuestionnaire
    language: str
    draft: Draft
    facts: EventFacts
    fields: Fields

    @classmethod
    def plain(cls, link: Link, questionnaire: CompiledQuestionnaire, language: str, fields: Fields) -> Self:
        """Return the journey through a form of one screen that knows nothing of the event."""
        return cls(link, questionnaire, language, NOTHING_YET, NOTHING, fields)

    @cached_property
    def read(self) -> ReadAnswers:
        """All answers so far, checked as a whole."""
        with translation.override(self.language):
            return read_answers(
                self.questionnaire.questions,
                self.fields,
                facts=self.facts.tested,
                question_set=self.link.question_set,
            )

    @cached_property
    def screens(self) -> tuple[Screen, ...]:
        """The screens that are on the way, with these answers."""
        return plan_screens(
            self.questionnaire.steps,
            answers=self.read.answers,
            facts=self.facts.tested,
            question_set=self.link.question_set,
        ) or (Screen(1, ()),)

    @property
    def known(self) -> Known:
        """What the holes of texts are filled with."""
        return Known(self.language, self.facts, self.read.answers, self.questionnaire.questions)

    @cached_property
    def first_wrong(self) -> int | None:
        """The place of the first screen with an answer missing or wrong."""
        return next((place for place, screen in enumerate(self.screens) if self.errors_on(screen)), None)

    @property
    def is_ended(self) -> bool:
        """Whether an answer was given that ends all asking."""
        return any(
            question.ends_all and question.key in self.read.answers
            for question in self.questionnaire.questions
        )

    def errors_on(self, screen: Screen) -> dict[str, str]:
        """Return the errors of one screen by question key."""
        return {key: sentence for key, sentence in self.read.errors.items() if key in screen.keys}

    def place_of(self, number: int) -> int:
        """Return the place of the screen with a number, or of the next one that is on the way."""
        last = len(self.screens) - 1
        return next((place for place, screen in enumerate(self.screens) if screen.number >= number), last)

    def sheet(self, place: int, *, can_unsubscribe: bool, score: int | None = None) -> form_pages.Sheet:
        """Return which form is shown at a place of the way."""
        return form_pages.Sheet(
            self.language,
            self.screens[place],
            place + 1,
            len(self.screens),
            score,
            can_unsubscribe,
            self.link.question_set,
        )


def begin(link: Link, questionnaire: CompiledQuestionnaire, *, language: str, asked: str) -> Journey:
    """Return where a customer stands by what is saved: one statement
    for that where there are several screens, one for facts if needed.

    A person who goes on reads the language of before, unless the address asks for another.
    """
    draft = (read_draft(link.invitation_id) if len(questionnaire.steps) > 1 else None) or NOTHING_YET
    needs_facts = questionnaire.needs_facts or "event" in questionnaire.pipes
    facts = event_facts(link.service_event_id) if needs_facts else NOTHING
    shown = questionnaire.language_of(asked, draft.language or language)
    return Journey(link, questionnaire, shown, draft, facts, fields_of(questionnaire.questions, draft))


def fields_of(questions: Sequence[CompiledQuestion], draft: Draft) -> dict[str, Sequence[str]]:
    """Return what is saved as the fields of a form."""
    return {
        name: values for question in questions for name, values in question.fields_of(draft.answers).items()
    }


def go_on(journey: Journey, fields: Fields) -> tuple[Journey, Step]:
    """Return the journey with what one screen says, and the
    questions of that screen; of all, where no screen is named.
    """
    number = whole_number(fields.get(PAGE, ("",))[-1])
    steps = journey.questionnaire.steps
    is_named = len(steps) > 1 and 1 <= number <= len(steps)
    step: Step = steps[number - 1] if is_named else tuple(journey.questionnaire.questions)
    own = {question.key for question in step}
    others = [question for question in journey.questionnaire.questions if question.key not in own]
    kept = fields_of(others, journey.draft)
    said = {name: values for name, values in fields.items() if name.partition(".")[0] in own}
    going = Journey(
        journey.link, journey.questionnaire, journey.language, journey.draft, journey.facts, {**kept, **said}
    )
    return going, step


@dataclass(frozen=True, slots=True)
class Left:
    """What follows when a screen is left: a place is shown again
    with errors, or a screen is led to by number, or it was the last.
    """

    shows: int | None = None
    leads_to: int | None = None


def leave(journey: Journey, step: Step, fields: Fields) -> Left:
    """Return what follows. "Back" leaves a screen whatever it says."""
    own = {question.key for question in step}
    here = next((place for place, screen in enumerate(journey.screens) if own & set(screen.keys)), 0)
    if BACK in fields:
        return Left(leads_to=journey.screens[max(0, here - 1)].number)
    if journey.errors_on(journey.screens[here]):
        return Left(shows=here)
    if journey.is_ended and not journey.read.errors:
        return Left()
    is_whole = len(step) == len(journey.questionnaire.questions)
    if not is_whole and here + 1 < len(journey.screens):
        return Left(leads_to=journey.screens[here + 1].number)
    if journey.read.errors:
        return Left(shows=here if journey.first_wrong is None else journey.first_wrong)
    return Left()


def place_to_show(journey: Journey, *, asked: str) -> int:
    """Return the place of the screen with the number `asked`, if
    all before it is in order; else of the first that is unfinished.
    """
    wrong = len(journey.screens) if journey.first_wrong is None else journey.first_wrong
    number = whole_number(asked)
    wanted = next((place for place, screen in enumerate(journey.screens) if screen.number == number), None)
    if wanted is None or (wanted > 0 and not journey.draft.answers):
        wanted = journey.place_of(journey.draft.page)
    return min(wanted, wrong)


def last_words(
    link: Link, questionnaire: CompiledQuestionnaire, language: str, answers: Values | None
) -> tuple[int | None, Known]:
    """Return which end page is shown, None for the thanks, and what
    its holes are filled with. `answers` None: they are looked up.
    """
    needs_facts = questionnaire.needs_facts or "event" in questionnaire.end_pipes
    facts = event_facts(link.service_event_id) if needs_facts else NOTHING
    given = stored_answers(link.invitation_id) if answers is None else answers
    ends = enumerate(questionnaire.ends)
    end = next(
        (place for place, end in ends if is_met(end.get("condition"), answers=given, facts=facts.tested)),
        None,
    )
    return end, Known(language, facts, given, questionnaire.questions)


def save_screen(journey: Journey, step: Step, *, page: int, fields: Fields) -> bool:
    """Save what could be read of one screen and say whether the link still took it."""
    answers = dict(chain(journey.read.answers.items(), journey.read.off_path.items()))
    own = {question.key for question in step}
    spent = whole_number(fields.get(SECONDS, ("",))[-1])
    number = whole_number(fields.get(PAGE, ("",))[-1])
    return save_draft(
        invitation_id=journey.link.invitation_id,
        answers={name: answer for name, answer in answers.items() if name.partition(".")[0] in own},
        keys=[*own, *(name for name in journey.draft.answers if name.partition(".")[0] in own)],
        page=page,
        seconds={number: spent} if spent and number else {},
        language=journey.language,
        words=journey.read.words,
    )


def lead_to(number: int, language: str) -> Reply:
    """Lead the browser to a screen, in the language that the address asked for."""
    asked = f"&lang={language}" if language.isascii() and language.replace("-", "").isalnum() else ""
    return Reply(303, headers=(("Location", f"?page={number}{asked}"),))


def whole_number(text: str) -> int:
    """Return the number that was sent, 0 when it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else 0  # noqa: PLR2004 - no screen and no day has more digits
