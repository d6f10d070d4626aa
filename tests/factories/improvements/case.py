"""The improvement of a written case: a problem about its event, and the action planned against it."""

from datetime import date
from typing import Any

from feedback_site.accounts.models import User
from feedback_site.improvements.enums import ProblemSource, ProofKind
from feedback_site.improvements.models import ImprovementAction, Problem
from feedback_site.service_events.models import ServiceEvent


def write_improvements(case: Any, *, event: ServiceEvent) -> None:
    """Add an owner, a problem and an action, with the canary in every text."""
    at = event.completed_at
    assert at is not None
    owner = User.objects.create(
        username=f"{case.canary}-owner", role="service_team", team=event.team, language="en"
    )
    problem = case.add(
        Problem.objects.create(
            team=event.team,
            source=ProblemSource.ESCALATION,
            source_id=event.pk,
            service_event=event,
            manifestation=f"{case.canary} still drips",
            root_cause=f"{case.canary} was fitted askew",
            direction=f"{case.canary} is to be checked",
            owner=owner,
            opened_at=at,
        )
    )
    case.add(
        ImprovementAction.objects.create(
            problem=problem,
            measure=f"{case.canary} is fitted again",
            owner=owner,
            due_on=date(2026, 12, 1),
            resources=case.canary,
            proof_kind=ProofKind.VISIT,
            created_at=at,
        )
    )
