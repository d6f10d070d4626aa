"""What happens to an event after it was asked about."""

from feedback_site.conservation.running import run_checks
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.services import record_transition
from surveys.models import Invitation, TransitionEffect
from surveys.services.responses.answering import Submission, submit_responses


def happen(event, kind, at, **more):
    return record_transition(event=event, type=TransitionType(kind), happened_at=at, at=at, **more)[0]


def outcome_of(transition):
    return TransitionEffect.objects.get(pk=transition.pk).outcome


def answer(event, at):
    invitation = Invitation.objects.get(service_event=event)
    submit_responses(
        [Submission(invitation.pk, {"overall": 2}, satisfaction=2, nps=None, language="en")], at=at
    )
    return invitation


def broken_checks():
    return [result.check.slug for result in run_checks() if not result.is_ok]
