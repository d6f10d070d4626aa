"""Who may open the caller's pages, and which visit they open."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest

from feedback_site.accounts.models import User
from feedback_site.accounts.services.signed_in import staff_of
from visits.models import ReturnVisit

MAKING = "visits.change_returnvisit"
_RELATED = (
    *(
        "plan",
        "team",
        "credited_team",
        "agent",
        "customer",
        "assignee",
        "held_by",
        "invitation__version",
        "escalation__owner",
    ),
    *("service_event__kind", "service_event__channel"),
)


def may_make_visits(user: Any) -> bool:
    """Return whether a person makes return visits: sees contacts, on record, and states what came of them."""
    return isinstance(user, User) and user.has_perm(MAKING)


def caller_of(request: HttpRequest) -> User:
    """Return the caller; a person who makes no visits is refused."""
    return staff_of(request, MAKING)


def visit_of(caller: User, visit_id: uuid.UUID) -> ReturnVisit:
    """Return the visit within the caller's scope; what is outside does not exist for them. One query."""
    visit = ReturnVisit.objects.for_user(caller).select_related(*_RELATED).filter(pk=visit_id).first()
    if visit is None:
        raise Http404
    return visit
