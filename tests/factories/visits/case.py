"""The return visits of a written case.

One that is due, tried once, and one that found the repair wanting and was escalated.
"""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from feedback_site.accounts.models import User
from feedback_site.service_events.models import ServiceEvent
from visits.enums import VisitAttemptOutcome, VisitOutcome, VisitStatus, VisitTrigger
from visits.models import Escalation, ReturnVisit, VisitAttempt, VisitPlan, VisitSource


def write_visits(case: Any, *, asked: SimpleNamespace, event: ServiceEvent) -> None:
    """Add a caller, an open visit with an attempt and a reason, and a closed one with its escalation."""
    caller = User.objects.create(
        username=f"{case.canary}-caller", role="service_team", team=event.team, language="en"
    )
    visit = case.add(_visit(asked, event))
    case.add(
        VisitSource.objects.create(
            visit=visit, kind=visit.trigger, source_id=uuid4(), added_at=visit.planned_at
        )
    )
    case.add(
        VisitAttempt.objects.create(
            visit=visit,
            number=1,
            made_by=caller,
            made_at=visit.due_from,
            outcome=VisitAttemptOutcome.NO_ANSWER,
            note=case.canary,
        )
    )
    closed_at = visit.planned_at - timedelta(minutes=1)
    closed = case.add(
        _visit(
            asked,
            event,
            status=VisitStatus.CLOSED,
            outcome=VisitOutcome.NOT_RESOLVED,
            closed_at=closed_at,
            next_attempt_at=None,
        )
    )
    case.add(
        Escalation.objects.create(
            visit=closed,
            case_id=closed.case_id,
            team=closed.team,
            opened_at=closed_at,
            deadline_at=closed_at + timedelta(days=2),
            closing_note=case.canary,
        )
    )


def _visit(asked: SimpleNamespace, event: ServiceEvent, **facts: Any) -> ReturnVisit:
    plan, _ = VisitPlan.objects.get_or_create(
        trigger=VisitTrigger.COMPLAINT_CLOSED,
        is_active=True,
        defaults={
            "slug": "complaint-closed",
            "names": {"en": "After a complaint", "zh-hans": "投诉回访"},
            "questionnaire": asked.questionnaire,
        },
    )
    planned_at = event.completed_at
    assert planned_at is not None
    due_at = planned_at + timedelta(days=1)
    defaults = {
        "plan": plan,
        "trigger": plan.trigger,
        "case_id": event.pk,
        "service_event": event,
        "customer": event.customer,
        "team": event.team,
        "credited_team": event.credited_team,
        "agent": event.agent,
        "mode": plan.mode,
        "planned_at": planned_at,
        "due_from": planned_at + timedelta(hours=4),
        "due_at": due_at,
        "max_attempts": plan.max_attempts,
        "next_attempt_at": due_at,
    }
    return ReturnVisit.objects.create(**{**defaults, **facts})
