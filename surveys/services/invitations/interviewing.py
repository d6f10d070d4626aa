"""Interviews: a member of staff asks, and fills the questionnaire in for the customer.

The customer is sent nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Customer
from feedback_site.questionnaires.models import QuestionnaireVersion
from feedback_site.questionnaires.selectors.event_facts import event_facts
from feedback_site.questionnaires.services.questionnaires import CompiledQuestionnaire, Step, questionnaire_of
from feedback_site.questionnaires.walk import ReadAnswers, Walk
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
    """Open a questionnaire that an interviewer fills in.

    It has no message, no contact cap, and does not count in the response rate.

    Agent, kind, channel and segment are copied from the event. The answers count on the day of the interview.
    `question_set` is the rotating set that was asked; None: one is drawn.
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
    """Check what the interviewer filled in (question key -> values).

    What is wrong is said in the active language.
    """
    questionnaire = questionnaire_of(invitation.version_id)
    facts = event_facts(invitation.service_event_id).tested if questionnaire.needs_facts else {}
    return Walk([spoken(questionnaire)], fields, facts, invitation.question_set).read


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


def spoken(questionnaire: CompiledQuestionnaire) -> Step:
    """Return what is asked in an interview.

    Files and signatures are left out: they are the customer's own to give, by a link.
    """
    return tuple(question for question in questionnaire.questions if not question.is_kept)
