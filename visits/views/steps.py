"""The steps of a call that are not its outcome: take the visit, show the number, give it back.

Each is a POST.
"""

import uuid
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from visits.services.calling import hold_visit, release_visit
from visits.services.revealing import reveal_contact
from visits.views.access import caller_of, visit_of
from visits.views.page import PAGE, TypedVisit, Wrong, show_visit


@require_POST
@never_cache
def hold(request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
    """Take the visit, or ten more minutes for it; what was typed is kept."""
    caller, at = caller_of(request), database_now()
    typed = TypedVisit.of(request)
    try:
        hold_visit(visit=visit_of(caller, object_id), by=caller, at=at)
    except DomainError as error:
        return _refuse(request, object_id, typed, error, at)
    return (
        show_visit(request, visit_of(caller, object_id), at=at, typed=typed)
        if typed.fields
        else redirect(PAGE, object_id)
    )


@require_POST
@never_cache
@sensitive_variables("contact")
def reveal(request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
    """Show name and number this once; the look is on record.

    Only the answer to this request holds them.
    """
    caller, at = caller_of(request), database_now()
    visit, typed = visit_of(caller, object_id), TypedVisit.of(request)
    try:
        contact = reveal_contact(visit=visit, by=caller, at=at)
    except DomainError as error:
        return _refuse(request, object_id, typed, error, at)
    return show_visit(request, visit, at=at, typed=typed, contact=contact)


@require_POST
def release(request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
    """Give the visit back without an attempt."""
    caller, at = caller_of(request), database_now()
    visit = visit_of(caller, object_id)
    release_visit(visit=visit, by=caller, at=at)
    messages.info(request, _("You released the visit. Nothing was recorded."))
    return redirect("admin:visits_returnvisit_work")


def _refuse(
    request: HttpRequest, visit_id: uuid.UUID, typed: TypedVisit, error: DomainError, at: datetime
) -> HttpResponse:
    """Show the visit as it is now, why the step was refused, and what was typed."""
    visit = visit_of(caller_of(request), visit_id)
    return show_visit(
        request, visit, at=at, typed=typed, wrong=Wrong(whole=str(error.message)), status=error.status_code
    )
