"""Handing visits over to a colleague."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models import User
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.common.listing import labelled
from visits.forms import ReassignForm
from visits.models import ReturnVisit
from visits.selectors.callers import callers_of
from visits.services.assigning import reassign_visit
from visits.views.access import caller_of, may_make_visits


def may_reassign(user: Any) -> bool:
    """Return whether a person may hand visits over: callers who see more than their own assignments."""
    return may_make_visits(user) and user.data_scope is not DataScope.ASSIGNMENTS


def reassign_page(
    request: HttpRequest, visits: Sequence[ReturnVisit], *, is_confirmed: bool
) -> HttpResponse | None:
    """Ask to whom the visits go; once confirmed, hand them over and return None.

    Messages say what came of each.
    """
    user = caller_of(request)
    choices = _colleagues(user, visits)
    form = ReassignForm(request.POST if is_confirmed else None, choices=choices)
    if is_confirmed and form.is_valid():
        _hand_over(request, visits, choices[form.cleaned_data["to"]])
        return None
    context = {
        **admin.site.each_context(request),
        "title": _("Hand over"),
        "opts": ReturnVisit._meta,  # noqa: SLF001 - Django's documented API
        "visits": visits,
        "form": form,
        "action": "reassign",
    }
    return TemplateResponse(request, "admin/visits/reassign.html", context)


def _colleagues(user: User, visits: Sequence[ReturnVisit]) -> dict[str, User]:
    """Return people within the reader's scope who may make at least one of the visits.

    The service refuses the rest one by one.
    """
    within = set(User.objects.for_user(user).filter(is_active=True).values_list("pk", flat=True))
    found = {
        colleague.pk: colleague
        for visit in visits
        for colleague in callers_of(visit)
        if colleague.pk in within
    }
    return {str(pk): colleague for pk, colleague in found.items()}


def _hand_over(request: HttpRequest, visits: Sequence[ReturnVisit], to: User) -> None:
    at, done = database_now(), 0
    for visit in visits:
        try:
            reassign_visit(visit=visit, to=to, at=at)
        except DomainError as error:
            messages.error(request, labelled(visit.service_event or visit.customer, error.message))
        else:
            done += 1
    if done:
        text = ngettext(
            "%(count)d visit was handed to %(name)s.", "%(count)d visits were handed to %(name)s.", done
        )
        messages.success(request, text % {"count": done, "name": to.get_full_name() or to.get_username()})
