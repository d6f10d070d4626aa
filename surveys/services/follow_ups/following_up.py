"""Asks for return visits to customers whose answers call for one.

The request is put on record here, and `visits` sweeps it.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedback_site.common.doorbell import ring
from feedback_site.common.task_table import PLAN_VISITS
from surveys.enums import FollowUpReason
from surveys.models import FollowUpRequest

# A person who answered longer ago would not know what the call is about.
ANSWERED_WITHIN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class NewFollowUp:
    """A response whose customer should be visited.

    `score` is what the customer gave: 1-4 for a low score, 0-6 for a detractor; `slot` when to call.
    """

    response_id: uuid.UUID
    reason: FollowUpReason
    score: int | None
    slot: str = ""


def request_follow_ups(*, requests: Sequence[NewFollowUp], at: datetime) -> int:
    """Put requests on record and return how many are new.

    A response asks for one visit, however often and for whatever reason it is asked for.
    """
    # One order for all writers, so that two of them never wait for each other.
    ordered = sorted(requests, key=lambda request: request.response_id)
    rows = [
        FollowUpRequest(
            response_id=request.response_id,
            reason=request.reason.value,
            score=request.score,
            slot=request.slot,
            requested_at=at,
        )
        for request in ordered
    ]
    if not rows:
        return 0
    FollowUpRequest.objects.bulk_create(rows, ignore_conflicts=True)
    made = FollowUpRequest.objects.filter(pk__in=[row.pk for row in rows]).count()
    if made:
        ring(PLAN_VISITS)
    return made
