"""Where to begin: the site without an address, and the list of dashboards."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Lead staff who are signed in to their pages, and all others to the page of complaints."""
    user = request.user
    return redirect("admin:index" if user.is_authenticated and user.is_staff else "/voice/")


@require_safe
def front_page(request: HttpRequest) -> TemplateResponse:
    """List the dashboards and the lists of figures that the reader may open, each with what it answers."""
    pages = [
        {"title": title, "text": text, "address": reverse(name)}
        for name, permission, title, text in _pages()
        if request.user.has_perm(permission)
    ]
    context: dict[str, Any] = {**admin.site.each_context(request), "title": _("Dashboards"), "pages": pages}
    return TemplateResponse(request, "dashboards/front.html", context)


def _pages() -> list[tuple[str, str, str, str]]:
    figures = "surveys.view_responsetally"
    return [
        (
            "admin:index",
            figures,
            _("Today"),
            _("Services of the last days: invitations sent in time, response rate, satisfaction by team."),
        ),
        (
            "dashboards:response-rates",
            figures,
            _("Response rates"),
            _("From the completed service to the answer: who was invited, opened the link and answered."),
        ),
        (
            "dashboards:representativeness",
            figures,
            _("Who answered"),
            _("Whether the customers who answered are like those who were served."),
        ),
        (
            "admin:nps_campaign_changelist",
            "nps.view_campaign",
            _("NPS campaigns"),
            _("The quarterly survey: sample, progress, and the score with its interval."),
        ),
        (
            "admin:evaluations_evaluationrecord_changelist",
            "evaluations.view_evaluationrecord",
            _("Evaluation records"),
            _("Indicators of a team and a period, weighed into a score and a grade."),
        ),
        (
            "admin:dashboards_export_changelist",
            "dashboards.view_export",
            _("Exports"),
            _("Your files of rows, ready or still being written."),
        ),
    ]
