"""The history of a visit's case: what the caller should know before they dial."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from feedback_site.delivery.enums import MessageStatus
from feedback_site.delivery.models import Message
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.models import ServiceEvent
from surveys.models import EventDecision, FollowUpRequest, Invitation, Response
from visits.enums import EscalationStatus, VisitOutcome
from visits.models import Escalation, ReturnVisit, VisitAttempt

# What surveys hand to delivery carries this subject.
_MESSAGE_SUBJECT = "invitation"
# In the order in which they are told when they happened at the same moment.
KINDS = (
    "opened",
    "completed",
    "corrected",
    "decided",
    "invited",
    "sent",
    "answered",
    "visit",
    "attempt",
    "unreached",
    "cancelled",
    "superseded",
    "reopened",
    "escalated",
    "escalation_closed",
)


@dataclass(frozen=True, slots=True)
class VisitHistoryItem:
    """One thing that happened: `sentence` is in the reader's language, `note` is what a colleague wrote.

    `kind` is one of `KINDS`, a word for an icon.
    """

    at: datetime
    kind: str
    sentence: str
    note: str = ""


def case_history(visit: ReturnVisit) -> list[VisitHistoryItem]:
    """Return what happened in the visit's case, from first to last, this visit's own attempts included."""
    items = [*_of_event(visit.service_event)] if visit.service_event else []
    items += _of_invitations(visit)
    items += _of_visits(visit)
    items += _of_escalations(visit)
    return sorted(items, key=lambda item: (item.at, KINDS.index(item.kind)))


def _of_event(event: ServiceEvent) -> Iterator[VisitHistoryItem]:
    sentences = {
        TransitionType.COMPLETED.value: _("The service was completed."),
        TransitionType.REOPENED.value: _("The service event was reopened."),
        TransitionType.CANCELLED.value: _("The service event was cancelled."),
        TransitionType.SUPERSEDED.value: _("The service event was superseded by another one."),
        TransitionType.CORRECTED.value: _("Facts of the service event were corrected."),
    }
    opened = (
        _("The complaint was registered.") if event.is_complaint else _("The service event was registered.")
    )
    yield VisitHistoryItem(event.opened_at, "opened", opened)
    for row in event.transitions.all():
        yield VisitHistoryItem(row.at, row.type, sentences[row.type])
    decision = EventDecision.objects.filter(service_event=event).first()
    if decision is not None and decision.reason:
        sentence = _("The customer was not asked: %(reason)s.") % {"reason": decision.get_reason_display()}
        yield VisitHistoryItem(decision.decided_at, "decided", sentence)


def _of_invitations(visit: ReturnVisit) -> Iterator[VisitHistoryItem]:
    """What the customer was asked about the case, by whatever way; interviews are told by their visits."""
    if visit.service_event_id is not None:
        invitations = Invitation.objects.filter(service_event_id=visit.service_event_id)
    else:
        responses = FollowUpRequest.objects.filter(pk__in=visit.sources.values("source_id")).values(
            "response_id"
        )
        invitations = Invitation.objects.filter(pk__in=responses)
    asked = list(invitations.exclude(return_visit__isnull=False).select_related("response", "version"))
    for invitation in asked:
        yield VisitHistoryItem(
            invitation.invited_at, "invited", _("The customer was invited to a questionnaire.")
        )
        if hasattr(invitation, "response"):
            yield _answer(invitation, invitation.response)
    sent = Message.objects.filter(
        subject_kind=_MESSAGE_SUBJECT, subject_id__in=[row.pk for row in asked], status=MessageStatus.SENT
    )
    for message in sent:
        sentence = _("The invitation was sent by %(channel)s.") % {"channel": message.get_channel_display()}
        yield VisitHistoryItem(message.sent_at or message.queued_at, "sent", sentence)


def _answer(invitation: Invitation, response: Response) -> VisitHistoryItem:
    if response.satisfaction is not None:
        sentence = _("The customer gave %(score)s of 5.") % {"score": response.satisfaction}
    elif response.nps is not None:
        sentence = _("The customer would recommend us with %(score)s of 10 points.") % {"score": response.nps}
    else:
        sentence = _("The customer answered.")
    return VisitHistoryItem(response.submitted_at, "answered", sentence, _comment(invitation, response))


def _comment(invitation: Invitation, response: Response) -> str:
    texts = [
        question.key
        for question in invitation.version.content.questions
        if QUESTION_CLASSES[question.type].is_comment
    ]
    return "\n".join(str(response.answers[key]) for key in texts if response.answers.get(key))


def _of_visits(visit: ReturnVisit) -> Iterator[VisitHistoryItem]:
    visits = list(ReturnVisit.objects.filter(case_id=visit.case_id))
    for row in visits:
        yield VisitHistoryItem(
            row.planned_at,
            "visit",
            _("A return visit was planned: %(trigger)s.") % {"trigger": row.get_trigger_display()},
        )
        if row.outcome == VisitOutcome.UNREACHED and row.closed_at is not None:
            yield VisitHistoryItem(
                row.closed_at, "unreached", _("The customer was not reached; the visit has ended.")
            )
    for attempt in VisitAttempt.objects.filter(visit__in=visits).select_related("made_by"):
        yield VisitHistoryItem(attempt.made_at, "attempt", _attempt(attempt), attempt.note)


def _attempt(attempt: VisitAttempt) -> str:
    return _("Attempt %(number)s by %(name)s: %(outcome)s.") % {
        "number": attempt.number,
        "name": attempt.made_by.get_full_name() or attempt.made_by.get_username(),
        "outcome": attempt.get_outcome_display(),
    }


def _of_escalations(visit: ReturnVisit) -> Iterator[VisitHistoryItem]:
    for row in Escalation.objects.filter(case_id=visit.case_id).select_related("owner"):
        facts = {"time": f"{row.deadline_at.astimezone(visit.team.zone):%Y-%m-%d %H:%M}"}
        if row.owner is None:
            sentence = _("Escalated; not assigned yet. To be solved by %(time)s.") % facts
        else:
            facts["owner"] = row.owner.get_full_name() or row.owner.get_username()
            sentence = _("Escalated to %(owner)s, to be solved by %(time)s.") % facts
        yield VisitHistoryItem(row.opened_at, "escalated", sentence)
        if row.closed_at is not None:
            ended = (
                _("The customer confirmed that the problem is solved.")
                if row.status == EscalationStatus.VERIFIED
                else _("The escalation was closed without verification.")
            )
            yield VisitHistoryItem(row.closed_at, "escalation_closed", ended, row.closing_note)
