"""Taking in answers that were collected elsewhere: on paper, by phone, in another system."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.questionnaires.services.publishing import latest_version
from feedback_site.service_events.enums import EventStatus
from surveys.models import EventDecision, Invitation, ResponseSource, Survey
from surveys.services.responses.answering import Outcome, Receipt, submit_responses
from surveys.services.responses.importing.answers import AnswerRefusal, ElsewhereAnswer, Recorded, Refused
from surveys.services.responses.importing.loading import KnownRows, load_known
from surveys.services.responses.importing.placing import ImportingRule, Placed, Placing
from surveys.services.responses.receipts import reason_in_words


@transaction.atomic
def record_elsewhere(
    *, survey: Survey | None, answers: Sequence[ElsewhereAnswer], at: datetime
) -> list[Recorded | Refused]:
    """Take in a batch in one transaction and return one result per answer, in their order.

    The same batch again takes in nothing. An answer about an event goes into our own open invitation where
    there is one, and counts in its response rate. Otherwise an invitation of origin `imported` is made, which
    becomes the decision on the event, and stays outside the response rate.

    `survey` is the rule whose questions were asked; answers to invitations need none. Raises `DomainError`
    when it was never published.
    """
    known = load_known(answers)
    placing = Placing(known, _asking(survey), at)
    places = [placing.place(answer) for answer in answers]
    placed = [place for place in places if isinstance(place, Placed)]
    Invitation.objects.bulk_create(place.invitation for place in placed if place.is_invitation_new)
    _decide(placed, known, at)
    receipts = submit_responses([place.submission for place in placed], at=at)
    _write_sources(placed, receipts, at)
    results = iter([_result(place, receipt, at) for place, receipt in zip(placed, receipts, strict=True)])
    return [next(results) if isinstance(place, Placed) else place for place in places]


def _asking(survey: Survey | None) -> ImportingRule | None:
    if survey is None:
        return None
    version = latest_version(survey.questionnaire)
    if version is None:
        raise DomainError(
            _("The questionnaire of %(survey)s was never published.") % {"survey": survey},
            {"survey": survey.slug},
        )
    return ImportingRule(survey, version.pk)


def _decide(placed: Sequence[Placed], known: KnownRows, at: datetime) -> None:
    """Make the new invitations the decisions on their events.

    An event that is not completed yet is decided when it is.
    """
    made: list[EventDecision] = []
    changed: list[EventDecision] = []
    for place in placed:
        event_id = place.invitation.service_event_id
        if not place.is_invitation_new or event_id is None or place.answer.event_key is None:
            continue
        decision = known.decisions.get(event_id)
        if decision is not None:
            changed.append(decision)
        elif known.events[place.answer.event_key].status == EventStatus.COMPLETED:
            decision = EventDecision(service_event_id=event_id, completion=known.completions[event_id])
            made.append(decision)
        else:
            continue
        decision.invitation, decision.survey_id = place.invitation, place.invitation.survey_id
        decision.reason, decision.decided_at = "", at
    EventDecision.objects.bulk_create(made)
    EventDecision.objects.bulk_update(changed, ["invitation", "survey", "reason", "decided_at"])


def _write_sources(placed: Sequence[Placed], receipts: Sequence[Receipt], at: datetime) -> None:
    accepted = [
        place for place, receipt in zip(placed, receipts, strict=True) if receipt.outcome is Outcome.ACCEPTED
    ]
    ResponseSource.objects.bulk_create(
        ResponseSource(
            response_id=place.invitation.pk,
            system=place.answer.system,
            external_id=place.answer.external_id,
            intake_team_id=place.answer.intake_team_id,
            recorded_at=at,
        )
        for place in accepted
        if place.answer.source
    )


def _result(place: Placed, receipt: Receipt, at: datetime) -> Recorded | Refused:
    if receipt.received_at is not None and receipt.outcome in {Outcome.ACCEPTED, Outcome.REPEATED}:
        is_new = receipt.outcome is Outcome.ACCEPTED
        return Recorded(
            place.invitation.pk,
            is_new=is_new,
            answered_at=receipt.received_at,
            recorded_at=at,
            off_path=place.off_path,
        )
    return Refused(AnswerRefusal(receipt.outcome.value), reason_in_words(receipt.outcome))
