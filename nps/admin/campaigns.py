"""Campaigns: drawn, launched, watched and closed on one page that shows what its state has to say."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.list_parameters import CheckedChangeList
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.evaluations.rules import Visibility
from feedback_site.evaluations.templatetags.figures import DASH, cases
from nps.admin.sheets import sheet_of
from nps.admin.steps import STEPS, CampaignStep, steps_of
from nps.enums import CampaignStatus
from nps.models import Campaign
from nps.selectors.scores import standings_of
from nps.templatetags.campaigns import quarter, score, score_interval

RUNNING_CAMPAIGNS = "nps.change_campaign"
STATUS_COLOURS = {
    CampaignStatus.PREPARED.value: "default",
    CampaignStatus.DRAWING.value: "info",
    CampaignStatus.DRAWN.value: "primary",
    CampaignStatus.RUNNING.value: "success",
    CampaignStatus.PAUSED.value: "warning",
    CampaignStatus.REACHED.value: "success",
    CampaignStatus.EXHAUSTED.value: "warning",
    CampaignStatus.CLOSED.value: "info",
    CampaignStatus.CANCELLED.value: "default",
}


class _CampaignList(CheckedChangeList):
    """The list, each row with where its campaign stands: one query for the whole page."""

    result_list: Any

    def get_results(self, request: HttpRequest) -> None:
        """Fetch the page's rows, then their standings."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        standings = standings_of(self.result_list)
        for campaign in self.result_list:
            campaign.standing = standings.get(campaign.pk)


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyModelAdmin):
    list_display = (
        "shown_quarter",
        "programme",
        "shown_status",
        "shown_progress",
        "shown_score",
        "field_ends_at",
        "shown_team",
    )
    list_filter = ("programme", "status", "team")
    list_select_related = ("programme", "team")
    ordering = ("-quarter_start", "programme_id")
    change_form_template = "nps/campaign.html"

    class Media:
        css = {"all": ["nps/campaigns.css"]}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CheckedChangeList]:
        """Return the list that knows standings."""
        return _CampaignList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the campaigns with whom and what their pages name."""
        related = ("programme__questionnaire", "team", "version", "launched_by", "closed_by")
        return super().get_queryset(request).select_related(*related)

    def get_urls(self) -> list[Any]:
        """Add an address for each step."""
        steps = [
            path(
                f"<uuid:object_id>/{step.name}/",
                self.admin_site.admin_view(partial(self.step_view, step=step)),
                name=f"nps_campaign_{step.name}",
            )
            for step in STEPS
        ]
        return [*steps, *super().get_urls()]

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Return whether the reader may run campaigns."""
        return bool(request.user.has_perm(RUNNING_CAMPAIGNS))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the page of the campaign's state."""
        campaign = self._campaign(request, object_id)
        sheet = sheet_of(campaign)
        is_launchable = sheet.launch is None or not sheet.launch.obstacles
        steps = steps_of(campaign, is_launchable=is_launchable) if self.has_run_permission(request) else []
        context = {
            "title": _title(campaign),
            "subtitle": None,
            "sheet": sheet,
            "steps": steps,
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)

    def step_view(self, request: HttpRequest, object_id: Any, *, step: CampaignStep) -> HttpResponse:
        """Ask, then take the step when that was confirmed."""
        campaign = self._campaign(request, object_id)
        if not self.has_run_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._take(request, campaign, step)
        context = {
            **self.admin_site.each_context(request),
            "title": _title(campaign),
            "opts": self.opts,
            "media": self.media,
            "original": campaign,
            "campaign": campaign,
            "sheet": sheet_of(campaign),
            "step": step,
            "label": step.label_for(campaign),
            "is_offered": campaign.status in step.offered,
        }
        return TemplateResponse(request, "nps/step.html", context)

    def _take(self, request: HttpRequest, campaign: Campaign, step: CampaignStep) -> HttpResponse:
        try:
            step.service(campaign, staff_of(request), database_now())
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, str(step.done))
            self.log_change(request, campaign, str(step.done))
        return redirect("admin:nps_campaign_change", campaign.pk)

    def _campaign(self, request: HttpRequest, object_id: Any) -> Campaign:
        """Return the campaign if it is within the reader's scope; what is outside does not exist for them."""
        campaign: Campaign = self.row_or_404(request, object_id)
        if not self.has_view_permission(request, campaign):
            raise PermissionDenied
        return campaign

    @display(description=_("quarter"), ordering="quarter_start")
    def shown_quarter(self, campaign: Campaign) -> str:
        """The quarter in words."""
        return quarter(campaign.quarter_start)

    @display(description=_("status"), ordering="status", label=STATUS_COLOURS)
    def shown_status(self, campaign: Campaign) -> tuple[str, Any]:
        """Where the campaign stands."""
        return campaign.status, campaign.get_status_display()

    @display(description=pgettext_lazy("campaign", "responses"))
    def shown_progress(self, campaign: Any) -> SafeString | str:
        """Completes of the target, as a bar and in figures; empty before the launch."""
        standing = campaign.standing
        if standing is None:
            return DASH
        return format_html(
            '<span class="campaign-progress"><progress max="100" value="{}"></progress> {} / {}</span>',
            round(standing.percent),
            cases(standing.answered),
            cases(standing.target),
        )

    @display(description=_("NPS"), header=True)
    def shown_score(self, campaign: Any) -> tuple[str, str]:
        """The score over its interval, where there are enough answers to show it."""
        shown = campaign.standing and campaign.standing.score
        if not shown or shown.nps is None:
            return DASH, ""
        remarks = [score_interval(shown.low, shown.high)]
        if shown.visibility is not Visibility.FULL:
            remarks.append(str(_("few results")))
        return score(shown.nps), " · ".join(remarks)

    @display(description=_("team"), ordering="team")
    def shown_team(self, campaign: Campaign) -> str:
        """Whose customers are asked."""
        return campaign.team.name if campaign.team else str(_("all teams"))


def _title(campaign: Campaign) -> str:
    return f"{campaign.programme.name} · {quarter(campaign.quarter_start)}"
