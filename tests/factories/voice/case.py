"""What the customer of a written case said of their own accord.

A complaint that is the case, a suggestion, and what came of both.
"""

import hashlib
from datetime import date, timedelta
from typing import Any

from feedback_site.service_events.models import ServiceEvent
from feedback_site.voice.enums import EntryKind, StepKind
from feedback_site.voice.models import MonthlySuggestion, PublishedChange, VoiceEntry, VoiceStep
from feedback_site.voice.rules import new_reference


def write_voice(case: Any, *, event: ServiceEvent, month: date) -> None:
    """Add a complaint with a note, the suggestion of `month`, and a change that is public.

    Each with the canary in every text.
    """
    at = event.opened_at
    clocks = {
        "accept_by_at": at + timedelta(hours=1),
        "close_by_at": at + timedelta(days=2),
        "close_complex_by_at": at + timedelta(days=7),
    }
    complaint = case.add(_entry(EntryKind.COMPLAINT, event, case.canary, service_event=event, **clocks))
    case.add(VoiceStep.objects.create(entry=complaint, kind=StepKind.NOTED, text=case.canary, at=at))
    _entry(EntryKind.SUGGESTION, event, case.canary, number=1)  # one that has had no month yet
    suggestion = _entry(EntryKind.SUGGESTION, event, case.canary, may_publish=True)
    text = {"en": case.canary, "zh-hans": case.canary}
    case.add(MonthlySuggestion.objects.create(month=month, entry=suggestion, title=text, text=text))
    case.add(
        PublishedChange.objects.create(team=event.team, entry=complaint, published_at=at, said=text, did=text)
    )


def _entry(kind: EntryKind, event: ServiceEvent, canary: str, *, number: int = 0, **facts: Any) -> VoiceEntry:
    return VoiceEntry.objects.create(
        reference=new_reference(),
        submission_key=hashlib.sha256(f"{canary}{kind}{number}".encode()).digest(),
        kind=kind,
        text=f"{canary} never came",
        ticket_number=canary,
        language="en",
        team=event.team,
        customer=event.customer,
        received_at=event.opened_at,
        **facts,
    )
