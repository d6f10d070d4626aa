"""Complaints follow their cases.

A return visit that finds nothing solved reopens the case, a correction gives it to another team.
"""

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F

from feedback_site.common.row_logs import log_rows
from feedback_site.service_events.enums import EventStatus
from feedback_site.voice.enums import EntryState, StepKind
from feedback_site.voice.models import VoiceEntry, VoiceStep

logger = structlog.get_logger(__name__)

MOST_AT_ONCE = 200


@transaction.atomic
def follow_events(*, at: datetime) -> int:
    """Bring complaints to the state and team of their cases; return how many moved.

    A run beside another leaves to it what it holds.
    """
    rows = (
        VoiceEntry.objects.complaints()
        .select_related("service_event__team")
        .select_for_update(of=["self"], no_key=True, skip_locked=True)
    )
    reopened = rows.filter(state=EntryState.CLOSED, service_event__status=EventStatus.REOPENED)
    moved = rows.exclude(service_event__team=F("team"))
    steps = [_reopen(entry, at) for entry in reopened[:MOST_AT_ONCE]]
    steps += [_move(entry, at) for entry in moved[:MOST_AT_ONCE]]
    VoiceStep.objects.bulk_create(steps)
    log_rows(logger, "voice_entries_followed", [str(step.entry_id) for step in steps])
    return len(steps)


def _reopen(entry: VoiceEntry, at: datetime) -> VoiceStep:
    VoiceEntry.objects.filter(pk=entry.pk).update(state=EntryState.IN_WORK)
    return VoiceStep(entry=entry, kind=StepKind.REOPENED, at=at)


def _move(entry: VoiceEntry, at: datetime) -> VoiceStep:
    event = entry.service_event
    assert event is not None  # noqa: S101 - a complaint is a case
    VoiceEntry.objects.filter(pk=entry.pk).update(team=event.team)
    return VoiceStep(entry=entry, kind=StepKind.HANDED_OVER, team=event.team, at=at)
