"""Who makes which visit: the fewest open visits first, never the colleague concerned."""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.common.locks import Lock, is_alone
from visits.enums import VisitStatus
from visits.models import ReturnVisit
from visits.selectors.callers import Callers, callers_of
from visits.services.calling import refuse_unless_free
from visits.services.locking import lock_visit


@transaction.atomic
def assign_visits(*, at: datetime, limit: int = 500) -> int:
    """Assign open visits that have no caller who can make them; return how many were assigned.

    The others wait for the next sweep.

    By load: the colleague who has the fewest open visits,
    the nearest team on ties. 0 while another run is at work.
    """
    if not is_alone(Lock.VISIT_CALLERS):
        return 0
    waiting = list(
        _waiting()
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .order_by("due_at", "pk")[:limit]
    )
    if not waiting:
        return 0
    callers, load = Callers.read(), open_visits_of_each()
    assigned = []
    for visit in waiting:
        candidates = callers.for_visit(
            team_id=visit.team_id, without=[visit.agent.user_id if visit.agent else None]
        )
        if not candidates:
            continue
        # Candidates come nearest team first, and `min` keeps the first of equals.
        visit.assignee = min(candidates, key=lambda user: load[user.pk])
        visit.assigned_at = visit.updated_at = at
        load[visit.assignee.pk] += 1
        assigned.append(visit)
    ReturnVisit.objects.bulk_update(assigned, ["assignee", "assigned_at", "updated_at"])
    return len(assigned)


@transaction.atomic
def reassign_visit(*, visit: ReturnVisit, to: User, at: datetime) -> ReturnVisit:
    """Hand an open visit to `to` and return it.

    Raises `ConflictError` when it is closed or another caller has the
    customer on the line, `DomainError` when `to` may not make it.
    """
    visit = lock_visit(visit.pk)
    if visit.status == VisitStatus.CLOSED:
        raise ConflictError(
            _("This return visit has ended: %(outcome)s.") % {"outcome": visit.get_outcome_display()}
        )
    refuse_unless_free(visit, by=to, at=at)
    if visit.agent is not None and visit.agent.user_id == to.pk:
        raise DomainError(
            _("Staff cannot make return visits about their own work. Choose another colleague.")
        )
    if to not in callers_of(visit):
        raise DomainError(
            _("This colleague cannot make the visit: it belongs to another team, or they make no visits.")
        )
    visit.assignee, visit.assigned_at, visit.updated_at = to, at, at
    visit.save(update_fields=["assignee", "assigned_at", "updated_at"])
    return visit


def open_visits_of_each() -> Counter[int]:
    """Return how many open visits each member of staff has. One query."""
    rows = (
        ReturnVisit.objects.open()
        .filter(assignee__isnull=False)
        .values_list("assignee_id")
        .annotate(total=Count("pk"))
    )
    return Counter(dict(rows))


def _waiting() -> QuerySet[ReturnVisit]:
    """Open visits without a caller, of a person who has left, or of the colleague concerned."""
    cannot = Q(assignee__isnull=True) | Q(assignee__is_active=False) | Q(agent__user_id=F("assignee_id"))
    return ReturnVisit.objects.open().filter(cannot).select_related("agent")
