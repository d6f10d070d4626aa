"""One visit at a time."""

import uuid

from django.utils.translation import gettext as _

from feedback_site.common.exceptions import NotFoundError
from visits.models import ReturnVisit

_RELATED = (
    "plan",
    "team",
    "credited_team",
    "agent",
    "customer",
    "service_event",
    "held_by",
    "assignee",
    "invitation",
)


def lock_visit(visit_id: uuid.UUID) -> ReturnVisit:
    """Return the visit as it is now, locked until the transaction ends. Two queries.

    Locked first and read then: a joined read that had to wait
    would bring the new row with the related rows of the old one.
    """
    if not ReturnVisit.objects.select_for_update(no_key=True).filter(pk=visit_id).values_list("pk").first():
        raise NotFoundError(_("Return visit not found."))
    return ReturnVisit.objects.select_related(*_RELATED).get(pk=visit_id)
