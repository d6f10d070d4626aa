"""Finished actions by what will prove them."""

from django.db.models import QuerySet

from feedback_site.improvements.enums import ActionStatus, ProblemStatus, ProofKind
from feedback_site.improvements.models import ImprovementAction


def actions_to_verify() -> QuerySet[ImprovementAction]:
    """Return the actions that are done and wait for a return visit to their problem's service event."""
    return _done(ProofKind.VISIT).filter(problem__service_event__isnull=False)


def actions_waiting_for_figures() -> QuerySet[ImprovementAction]:
    """Return the actions that are done and wait for a later measurement."""
    return _done(ProofKind.MEASUREMENT)


def _done(proof_kind: ProofKind) -> QuerySet[ImprovementAction]:
    return ImprovementAction.objects.filter(
        status=ActionStatus.DONE, proof_kind=proof_kind, problem__status=ProblemStatus.OPEN
    )
