"""Survey rules: which questionnaire follows which events."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, ManyToManyField, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from feedback_site.accounts.admin import OwnedModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.common.listing import listed
from feedback_site.delivery.enums import DeliveryChannel
from surveys.forms import SurveyForm
from surveys.models import QuestionnaireVersion, Survey


@admin.register(Survey)
class SurveyAdmin(OwnedModelAdmin):
    form = SurveyForm
    list_display = ("position", "name", "questionnaire", "whom", "shown_channels", "sample_percent", "cap_days", "state")
    list_display_links = ("name",)
    list_filter = ("is_active", "questionnaire", "team")
    list_select_related = ("questionnaire", "team")
    search_fields = ("slug", "name")
    ordering = ("position", "pk")
    prepopulated_fields = {"slug": ("name",)}
    # A handful of each: boxes to tick read better than two lists to move things between.
    formfield_overrides = {ManyToManyField: {"widget": UnfoldAdminCheckboxSelectMultipleWidget}}
    fieldsets = (
        (None, {"fields": (("name", "slug"), ("position", "is_active"), "questionnaire")}),
        (_("Which service events"), {"fields": ("kinds", "channels", "team", ("sample_percent", "cap_days"))}),
        (
            _("How and when"),
            {"fields": ("delivery_channels", ("delay_minutes", "age_limit_hours", "link_valid_days"), "starts_at", "ends_at")},
        ),
        (_("What follows"), {"fields": ("follow_up_at_most",)}),
        (_("Unfinished responses"), {"fields": (("complete_from_percent", "partial_from_percent"),)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Survey | None = None) -> list[str]:
        """Fix the limits of unfinished responses once anybody was asked: figures before and after would not compare."""
        fixed = ("complete_from_percent", "partial_from_percent") if obj and obj.invitations.exists() else ()
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Survey]:
        """Return the rules with what the list shows of them."""
        versions = QuestionnaireVersion.objects.filter(questionnaire_id=OuterRef("questionnaire_id"))
        return super().get_queryset(request).annotate(is_published=Exists(versions)).prefetch_related("kinds", "channels")

    @display(description=_("Which service events"))
    def whom(self, survey: Survey) -> str:
        """Kinds, service channels and team that match, in words."""
        kinds = listed(kind.name for kind in survey.kinds.all()) or str(_("all service types"))
        channels = listed(channel.name for channel in survey.channels.all()) or str(_("all channels"))
        return " · ".join([kinds, channels, survey.team.name if survey.team else str(_("all teams"))])

    @display(description=_("Delivery channels"))
    def shown_channels(self, survey: Survey) -> str:
        """The delivery channels in the order in which they are tried."""
        return " → ".join(str(DeliveryChannel(channel).label) for channel in survey.delivery_channels)

    @display(description=_("state"), label={"active": "success", "unpublished": "danger", "inactive": "default"})
    def state(self, survey: Any) -> tuple[str, Any]:
        """Whether the rule asks anybody; one whose questionnaire was never published cannot."""
        if not survey.is_active:
            return "inactive", _("inactive")
        if not survey.is_published:
            return "unpublished", _("questionnaire not published")
        return "active", _("active")
