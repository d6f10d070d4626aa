"""The frame of a campaign person by person, masked: who was asked, who was not and why."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.exporting import ScopedExportMixin
from feedback_site.customers.admin import CUSTOMER_NUMBER, CustomerNumberSearchMixin
from nps.models import CampaignMember
from nps.resources import CampaignMemberResource
from nps.templatetags.campaigns import quarter

_COLOURS = {
    "answered": "success",
    "invited": "info",
    "voided": "default",
    "dropped": "warning",
    "waiting": "default",
    "excluded": "warning",
}


class AskedFilter(admin.SimpleListFilter):
    """Excluded, not asked yet, dropped in a wave, invited or answered."""

    title = _("state")
    parameter_name = "state"
    states = {
        "answered": _("answered"),
        "invited": _("invited"),
        "dropped": _("dropped in its wave"),
        "waiting": _("not asked yet"),
        "excluded": _("excluded"),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Offer all states."""
        return self.states.items()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the chosen state."""
        conditions: dict[str | None, dict[str, Any]] = {
            "answered": {"invitation__answered_at__isnull": False},
            "invited": {"invitation__isnull": False},
            "dropped": {"exclusion": "", "dropped__gt": ""},
            "waiting": {"exclusion": "", "dropped": "", "invitation__isnull": True},
            "excluded": {"exclusion__gt": ""},
        }
        return queryset.filter(**conditions.get(self.value(), {}))


@admin.register(CampaignMember)
class CampaignMemberAdmin(CustomerNumberSearchMixin, ScopedExportMixin, ReadOnlyModelAdmin):
    resource_classes: ClassVar = [CampaignMemberResource]
    list_display = ("who", "shown_campaign", "shown_stratum", "shown_state", "position", "wave", "team")
    list_filter = (
        "campaign",
        AskedFilter,
        "exclusion",
        "wave",
        "stratum__segment",
        "stratum__channel",
        "team",
    )
    list_select_related = (
        "campaign__programme",
        "customer",
        "stratum__segment",
        "stratum__channel",
        "team",
        "invitation",
    )
    ordering = ("-campaign_id", "stratum_id", "position", "pk")
    search_fields = (CUSTOMER_NUMBER,)
    search_help_text = _("The customer's whole number in its system.")
    readonly_fields = ("shown_campaign", "shown_stratum", "shown_state")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "shown_state",
                    ("customer", "shown_campaign"),
                    ("shown_stratum", "team"),
                    "service_event",
                )
            },
        ),
        (
            _("The draw"),
            {"fields": (("random_number", "position"), ("exclusion", "dropped"), ("wave", "invitation"))},
        ),
    )
    technical_fields = ("random_number", "position")

    @display(description=_("customer"), header=True)
    def who(self, member: CampaignMember) -> tuple[str, str]:
        """The masked name over the number."""
        return member.customer.name_mask or "–", f"{member.customer.source} {member.customer.shown_number}"

    @display(description=_("campaign"), ordering="campaign__quarter_start")
    def shown_campaign(self, member: CampaignMember) -> str:
        """The programme and its quarter."""
        return f"{member.campaign.programme.name} · {quarter(member.campaign.quarter_start)}"

    @display(description=_("group"))
    def shown_stratum(self, member: CampaignMember) -> str:
        """The segment and the service channel."""
        segment, channel = member.stratum.segment, member.stratum.channel
        return " · ".join(str(part.name) if part else "–" for part in (segment, channel))

    @display(description=_("state"), label=_COLOURS)
    def shown_state(self, member: CampaignMember) -> tuple[str, Any]:
        """What became of this person; who was not asked: why."""
        if member.exclusion:
            return "excluded", member.get_exclusion_display()
        if member.dropped:
            return "dropped", member.get_dropped_display()
        if member.invitation is None:
            return "waiting", _("not asked yet")
        if member.invitation.voided_at:
            return "voided", member.invitation.get_void_reason_display()
        return ("answered", _("answered")) if member.invitation.answered_at else ("invited", _("invited"))
