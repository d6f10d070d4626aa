"""Interviews: a member of staff asks, and fills the
questionnaire in for the customer; no one is sent anything.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Customer
from feedback_site.questionnaires.models import QuestionnaireVersion
from feedback_site.questionnaires.selectors.event_facts import NOTHING, event_facts
from feedback_site.questionnaires.services.page_assets import page_script
from feedback_site.questionnaires.services.pages import as_data, conditions_on, question_contexts
from feedback_site.questionnaires.services.piping import Known, fill
from feedback_site.questionnaires.services.questionnaires import CompiledQuestionnaire, Step, questionnaire_of
from feedback_site.questionnaires.walk.reading import ReadAnswers, read_answers
from feedback_site.questionnaires.walk.screens import Screen, plan_screens
from feedback_site.service_events.models import ServiceEvent
from surveys.enums import InvitationOrigin, ResponseMode
from surveys.models import Invitation
from surveys.services.invitations.inviting import prepare_invitation, schedule_from_now
from surveys.services.responses.answering import Receipt, Submission
from surveys.services.responses.effects import submit_with_effects
from surveys.services.responses.receipts import accepted_or_raise

Fields = Mapping[str, Sequence[str]]


def start_interview(
    *,
    customer: Customer | None,
    version: QuestionnaireVersion,
    team_id: int,
    credited_team_id: int,
    service_event: ServiceEvent | None,
    language: str,
    at: datetime,
    question_set: str | None = None,
) -> Invitation:
    """Open a questionnaire that an interviewer fills in:
    without message, contact cap or place in the response rate.

    Agent, kind, channel and segment are copied from the event. The answers count on the day
    of the interview. `question_set` is the rotating set that was asked; None: one is drawn.
    """
    invitation = prepare_invitation(
        purpose=Purpose.VISIT.value,
        version_id=version.pk,
        team_id=team_id,
        credited_team_id=credited_team_id,
        customer=customer,
        language=language,
        service_event=service_event,
        origin=InvitationOrigin.INTERVIEW,
        question_set=question_set,
        schedule=schedule_from_now(credited_team_id, at),
    )
    invitation.save(force_insert=True)
    return invitation


def read_interview(*, invitation: Invitation, fields: Fields) -> ReadAnswers:
    """Check what the interviewer filled in (question key ->
    values) and say in the active language what is wrong.
    """
    questionnaire = questionnaire_of(invitation.version_id)
    facts = event_facts(invitation.service_event_id).tested if questionnaire.needs_facts else None
    return read_answers(_spoken(questionnaire), fields, facts=facts, question_set=invitation.question_set)


def submit_interview(*, invitation: Invitation, fields: Fields, mode: ResponseMode, at: datetime) -> Receipt:
    """Store the answers and return the receipt; the same answers again give the same receipt.

    Raises `DomainError` with `extra["errors"]` (question key -> sentence),
    `ConflictError` when other answers are on record or the invitation has ended.
    """
    read = read_interview(invitation=invitation, fields=fields)
    if read.errors:
        raise DomainError(_("Some answers are missing or wrong."), {"errors": dict(read.errors)})
    submission = Submission.of(read, invitation_id=invitation.pk, language=invitation.language, mode=mode)
    return accepted_or_raise(submit_with_effects(submission, at=at))


def interview_form(
    *,
    version_id: int,
    language: str,
    fields: Fields | None = None,
    errors: Mapping[str, str] | None = None,
    prefix: str = "",
    question_set: str = "",
    event_id: uuid.UUID | None = None,
) -> SafeString:
    """Return the questions' HTML as customers see them, for use once
    inside another form: all on one page, with those of `question_set`.

    `fields` and `errors` are by question key; `prefix` is put before the names of the fields, where the other
    form has names of its own. What the event rules out is not asked. What depends on other answers comes and
    goes as on the customer's page; without script it is shown, and left out when the answers are read.
    """
    questionnaire = questionnaire_of(version_id)
    shown = questionnaire.language_of(language, language)
    known = _known(questionnaire, shown, event_id)
    (screen,) = plan_screens(
        [_spoken(questionnaire)], answers={}, facts=known.facts.tested, question_set=question_set
    ) or (Screen(1, ()),)
    asked = [question for question in questionnaire.questions if question.key in screen.keys]
    questions = [question.renamed(f"{prefix}{question.key}") for question in asked]
    values = {f"{prefix}{key}": given for key, given in (fields or {}).items()}
    wrong = {f"{prefix}{key}": sentence for key, sentence in (errors or {}).items()}
    with translation.override(shown):
        contexts = question_contexts(
            questions, language=shown, values=values, errors=wrong, pipe=partial(fill, known=known)
        )
        data = as_data({"asked": conditions_on(screen, asked, prefix=prefix)})
        return render_to_string(
            "surveys/interview.html",
            {"questions": contexts, "data": data, "script": page_script("surveys/interview.js")},
        )


def question_texts(*, version_id: int, language: str, event_id: uuid.UUID | None) -> dict[str, str]:
    """Return what each question asks, by key, in the language that the form shows."""
    questionnaire = questionnaire_of(version_id)
    shown = questionnaire.language_of(language, language)
    known = _known(questionnaire, shown, event_id)
    return {
        question.key: fill(question.texts["text"].get(shown, ""), known)
        for question in questionnaire.questions
    }


def _spoken(questionnaire: CompiledQuestionnaire) -> Step:
    """Return what is asked in an interview: files and
    signatures are the customer's own to give, by a link.
    """
    return tuple(question for question in questionnaire.questions if not question.is_kept)


def _known(questionnaire: CompiledQuestionnaire, language: str, event_id: uuid.UUID | None) -> Known:
    needs_facts = questionnaire.needs_facts or "event" in questionnaire.pipes
    return Known(language, event_facts(event_id) if needs_facts else NOTHING)
