"""Programmes: who is asked every quarter, how many, and with what."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant

from feedback_site.accounts.admin import ScopedModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.common.texts import searched
from feedback_site.delivery.enums import DeliveryChannel
from feedback_site.evaluations.templatetags.figures import DASH
from nps.enums import CampaignStatus
from nps.forms import ProgrammeForm
from nps.models import Campaign, Programme
from nps.rules import quarter_start_of
from nps.services.preparing import prepare_campaign
from nps.templatetags.campaigns import quarter


@admin.register(Programme)
class ProgrammeAdmin(ScopedModelAdmin):
    form = ProgrammeForm
    list_display = ("shown_name", "whom", "questionnaire", "target_completes", "latest_campaign", "state")
    list_filter = ("is_active", "team")
    list_select_related = ("questionnaire", "team")
    search_fields = ("slug", *searched("names"))
    ordering = ("slug",)
    prepopulated_fields = {"slug": ("names",)}
    fieldsets = (
        (None, {"fields": ("names", ("slug", "is_active"), "questionnaire")}),
        (
            _("Who is invited"),
            {
                "description": _(
                    "Customers served recently, drawn at random within customer segment and service channel."
                ),
                "fields": ("team", ("frame_days", "cap_days"), "time_zone"),
            },
        ),
        (
            _("How many"),
            {
                "description": _(
                    "The expected response rate is used to work out how many customers to invite; later "
                    "waves use the observed rate."
                ),
                "fields": (("target_completes", "minimum_per_stratum"), "expected_response_percent"),
            },
        ),
        (_("How and when"), {"fields": ("delivery_channels", ("wave_days", "field_days"))}),
    )
    actions_detail = ("prepare",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the programmes with the newest campaign of each."""
        newest = Campaign.objects.filter(programme=OuterRef("pk")).order_by("-quarter_start")
        return (
            super()
            .get_queryset(request)
            .annotate(
                newest_quarter=Subquery(newest.values("quarter_start")[:1]),
                newest_status=Subquery(newest.values("status")[:1]),
            )
        )

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Ask for a team where the reader sees only some: no team means customers of all."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "team":
            field.required = staff_of(request).data_scope is not DataScope.ALL
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the slug once it exists: systems name the programme by it."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """Suggest a slug for a new programme only."""
        return {} if obj else super().get_prepopulated_fields(request, obj)

    # A method, not the permission's name: Unfold's system check looks
    # names up in the database, which `migrate` has yet to make.
    def has_prepare_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the reader may prepare campaigns."""
        return bool(request.user.has_perm("nps.add_campaign"))

    @action(
        description=_("Prepare this quarter's campaign"),
        url_path="prepare",
        icon="event_upcoming",
        permissions=["prepare"],
        variant=ActionVariant.PRIMARY,
    )
    def prepare(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say which quarter it is, and prepare its campaign when that was confirmed."""
        programme: Programme = self.row_or_404(request, object_id)
        at = database_now()
        first = quarter_start_of(at, ZoneInfo(programme.time_zone))
        if request.method == "POST":
            return self._prepare(request, programme, at)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Prepare this quarter's campaign"),
            "opts": self.opts,
            "original": programme,
            "programme": programme,
            "quarter_start": first,
            "existing": Campaign.objects.filter(programme=programme, quarter_start=first).first(),
            "page": reverse("admin:nps_programme_change", args=[programme.pk]),
        }
        return TemplateResponse(request, "nps/prepare.html", context)

    def _prepare(self, request: HttpRequest, programme: Programme, at: datetime) -> HttpResponse:
        first = quarter_start_of(at, ZoneInfo(programme.time_zone))
        try:
            campaign = prepare_campaign(programme=programme, quarter_start=first, at=at)
        except ConflictError as conflict:
            messages.info(request, str(conflict.message))
        except DomainError as error:
            messages.error(request, str(error.message))
            return redirect("admin:nps_programme_change", programme.pk)
        else:
            messages.success(
                request,
                _("The campaign of %(quarter)s is prepared.") % {"quarter": quarter(campaign.quarter_start)},
            )
        there = get_object_or_404(Campaign, programme=programme, quarter_start=first)
        return redirect("admin:nps_campaign_change", there.pk)

    @display(description=_("NPS programme"), header=True, ordering="slug")
    def shown_name(self, programme: Programme) -> tuple[str, str]:
        """The name over the slug."""
        return programme.name, programme.slug

    @display(description=_("who is invited"))
    def whom(self, programme: Programme) -> str:
        """The team, and since when its customers were served."""
        team = programme.team.name if programme.team else str(_("all teams"))
        return " · ".join([team, _("served in the last %(days)d days") % {"days": programme.frame_days}])

    @display(description=_("Delivery channels"))
    def shown_channels(self, programme: Programme) -> str:
        """The delivery channels in the order in which they are tried."""
        return " → ".join(str(DeliveryChannel(channel).label) for channel in programme.delivery_channels)

    @display(description=_("latest campaign"), header=True, ordering="newest_quarter")
    def latest_campaign(self, programme: Any) -> tuple[str, str]:
        """The newest campaign's quarter over its status."""
        if programme.newest_quarter is None:
            return DASH, ""
        return quarter(programme.newest_quarter), str(CampaignStatus(programme.newest_status).label)

    @display(description=_("state"), ordering="is_active", label={"active": "success", "inactive": "default"})
    def state(self, programme: Programme) -> tuple[str, Any]:
        """Whether campaigns are prepared by themselves."""
        return ("active", _("active")) if programme.is_active else ("inactive", _("inactive"))
