"""From a transition that was sent to the service that records it: the same for the API and for webhooks."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from feedback_site.accounts.models import User
from feedback_site.service_events.api.serializers import TransitionInput
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from feedback_site.service_events.selectors.events import find_event
from feedback_site.service_events.services import record_transition


def append_transition(
    serializer: TransitionInput,
    *,
    event: ServiceEvent,
    visible: QuerySet[ServiceEvent],
    at: datetime,
    by: User | None = None,
) -> tuple[ServiceEventTransition, bool]:
    """Record a valid transition of `event` and return it with whether it is new.

    `visible` are the events that the sender may name.

    A member of staff who says so is on record with it, by number.
    """
    sent = serializer.validated_data
    return record_transition(
        event=event,
        type=TransitionType(sent["type"]),
        happened_at=sent["at"],
        at=at,
        facts=serializer.facts(),
        details=serializer.details() | ({"by": f"user:{by.pk}"} if by else {}),
        superseded_by=_replacement(sent.get("superseded_by"), event, visible),
    )


def _replacement(
    number: str | None, event: ServiceEvent, visible: QuerySet[ServiceEvent]
) -> ServiceEvent | None:
    if not number:
        return None
    found = find_event(visible, source=event.source, external_id=number, intake_team_id=event.intake_team_id)
    if found is None:
        raise ValidationError(
            {"superseded_by": [_("No such event of this source is on record: send it before this.")]}
        )
    return found
