"""Pages of figures: the address says what is counted, selectors count, templates show."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from feedback_site.accounts.models import User
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.dashboards.enums import Breakdown
from feedback_site.dashboards.forms import FigureForm
from feedback_site.dashboards.selectors import load_choices, representativeness, response_funnel

SEEING_FIGURES = "surveys.view_responsetally"


@require_safe
def response_rates_page(request: HttpRequest) -> TemplateResponse:
    """Show the funnel from the completed event to the answer."""
    user, form, at = _read(request)
    funnel = response_funnel(form.figure_filter, user, by=form.by, choices=form.choices)
    context = {"funnel": funnel, "breakdowns": Breakdown.choices, "title": _("Response rates")}
    return _page(request, "dashboards/response_rates.html", form, at, context)


@require_safe
def representativeness_page(request: HttpRequest) -> TemplateResponse:
    """Show whether those who answered look like those who were served."""
    user, form, at = _read(request)
    sample = representativeness(form.figure_filter, user, choices=form.choices)
    return _page(
        request,
        "dashboards/representativeness.html",
        form,
        at,
        {"sample": sample, "title": _("Who answered")},
    )


def _read(request: HttpRequest) -> tuple[User, FigureForm, datetime]:
    """Return who asks, what for and when; those who may see no figures are refused."""
    user = staff_of(request, SEEING_FIGURES)
    at = database_now()
    return user, FigureForm(request.GET, choices=load_choices(user=user), today=timezone.localdate(at)), at


def _page(
    request: HttpRequest, template: str, form: FigureForm, at: datetime, context: dict[str, Any]
) -> TemplateResponse:
    shared = {"form": form, "period": form.figure_filter, "kept": form.kept, "now": at}
    return TemplateResponse(request, template, {**admin.site.each_context(request), **shared, **context})
