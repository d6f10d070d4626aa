"""What changed since a moment: for systems that fetch only that."""

import uuid
from datetime import datetime

from django.db.models import QuerySet

from feedback_site.common.ids import first_id_at
from feedback_site.delivery.models import MessageAttempt
from surveys.models import Invitation, Response, ResponseSource


def responses_since(moment: datetime) -> QuerySet[Response, uuid.UUID]:
    """Return the ids of responses that were given, or taken in from elsewhere, at or after `moment`.

    For use in a subquery.
    """
    given = Response.objects.filter(submitted_at__gte=moment).values_list("pk", flat=True)
    return given.union(ResponseSource.objects.filter(recorded_at__gte=moment).values_list("pk", flat=True))


def invitations_since(moment: datetime) -> QuerySet[Invitation, uuid.UUID]:
    """Return the ids of invitations made, tried to send, answered or voided at or after `moment`.

    For use in a subquery.
    """
    first = first_id_at(moment)
    made = Invitation.objects.filter(pk__gte=first).values_list("pk", flat=True)
    voided = Invitation.objects.filter(voided_at__gte=moment).values_list("pk", flat=True)
    tried = MessageAttempt.objects.filter(pk__gte=first).values_list("message__subject_id", flat=True)
    return made.union(voided, tried, responses_since(moment))
