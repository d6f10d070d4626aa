"""Invitations and how often their links were opened.

A link is shown on site alone, as a QR code for the customer's phone, on record.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin import EmptyFieldListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.exporting import ScopedExportMixin
from feedback_site.accounts.admin.list_filters import DayRangeFilter
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.customers.admin import CUSTOMER_NUMBER, CustomerNumberSearchMixin
from surveys.enums import LinkState
from surveys.models import Invitation, LinkVisit
from surveys.pages.qr_codes import draw_qr
from surveys.resources import InvitationResource
from surveys.selectors.links import link_state
from surveys.services.invitations.filling_in import FILLING_IN
from surveys.services.on_site.showing import SHOWING, refuse_unless_open, show_link
from surveys.views.filling_in import fill_in_page

STATE_COLOURS = {
    LinkState.OPEN: "info",
    LinkState.ANSWERED: "success",
    LinkState.EXPIRED: "warning",
    LinkState.VOIDED: "default",
}


class LinkStateFilter(admin.SimpleListFilter):
    """Open, answered, expired or voided."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        """Offer all states."""
        return LinkState.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the chosen state."""
        return queryset.filter(link_state=self.value()) if self.value() else queryset


@admin.register(Invitation)
class InvitationAdmin(CustomerNumberSearchMixin, ScopedExportMixin, ReadOnlyModelAdmin):
    resource_classes = [InvitationResource]
    list_display = (
        "shown_event",
        "customer",
        "credited_team",
        "shown_survey",
        "invited_at",
        "shown_state",
        "in_headline",
    )
    list_filter = (
        LinkStateFilter,
        "purpose",
        "origin",
        "survey",
        "credited_team",
        "is_in_headline",
        "is_replayed",
        ("belongs_on", DayRangeFilter),
    )
    list_filter_submit = True
    list_select_related = ("service_event", "customer", "credited_team", "survey", "kind")
    ordering = ("-pk",)
    search_fields = ("service_event__external_id", CUSTOMER_NUMBER)
    search_help_text = _("Ticket number or customer number.")
    readonly_fields = ("shown_state",)
    actions_detail = ("on_site", "fill_in")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "shown_state",
                    ("purpose", "origin"),
                    "survey",
                    ("service_event", "customer"),
                    ("version", "language"),
                )
            },
        ),
        (
            _("Counts for team"),
            {"fields": (("credited_team", "team"), ("agent", "segment"), ("kind", "channel"), "belongs_on")},
        ),
        (
            _("Times"),
            {
                "fields": (
                    ("invited_at", "due_at"),
                    ("deadline_at", "send_until"),
                    ("expires_at", "answered_at"),
                    ("voided_at", "void_reason"),
                    ("is_in_headline", "is_replayed"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        """Return the reader's invitations with the state of their links."""
        return super().get_queryset(request).annotate(link_state=link_state())

    @action(
        description=_("QR code for the customer on site"),
        url_path="on-site",
        icon="qr_code_2",
        permissions=["show"],
    )
    def on_site(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, then show the link of one event's invitation.

        The customer scans it with a phone of their own.
        """
        invitation, user = self.row_or_404(request, object_id), staff_of(request)
        if not self.has_show_permission(request):
            raise PermissionDenied
        qr, refusal = "", ""
        try:
            if request.method == "POST":
                qr = draw_qr(show_link(invitation=invitation, by=user, at=database_now()), title=_("QR code"))
            else:
                refuse_unless_open(invitation=invitation, at=database_now())
        except DomainError as error:
            refusal = str(error.message)
        page = {
            **self.admin_site.each_context(request),
            "title": _("QR code for the customer on site"),
            "opts": self.opts,
        }
        context = {**page, "original": invitation, "invitation": invitation, "qr": qr, "refusal": refusal}
        return TemplateResponse(
            request, "admin/surveys/invitation/on_site.html", context, status=409 if refusal else 200
        )

    # A method, not the permission's name: Unfold's system check looks
    # names up in the database, which `migrate` has yet to make.
    def has_show_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the reader serves on site."""
        return bool(request.user.has_perm(SHOWING))

    @action(
        description=_("Fill in for the customer"),
        url_path="fill-in",
        icon="edit_note",
        permissions=["fill_in"],
    )
    def fill_in(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask the questions in the customer's stead, and store what they say."""
        invitation = self.row_or_404(request, object_id)
        if not self.has_fill_in_permission(request):
            raise PermissionDenied
        return fill_in_page(request, invitation)

    def has_fill_in_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the reader fills in questionnaires for customers."""
        return bool(request.user.has_perm(FILLING_IN))

    @display(description=_("service event"), header=True)
    def shown_event(self, invitation: Invitation) -> tuple[str, str]:
        """The event asked about, above its kind."""
        event = invitation.service_event
        return (str(event) if event else str(invitation.pk)), invitation.kind.name if invitation.kind else ""

    @display(description=_("survey rule"))
    def shown_survey(self, invitation: Invitation) -> str:
        """The rule that asked, else the purpose."""
        return str(invitation.survey or invitation.get_purpose_display())

    @display(description=_("state"), label=STATE_COLOURS)
    def shown_state(self, invitation: Any) -> tuple[str, Any]:
        """Where the link stands; a voided one says why."""
        state = LinkState(invitation.link_state)
        return state, invitation.get_void_reason_display() if state is LinkState.VOIDED else state.label

    @display(
        description=pgettext_lazy("invitation", "sent within ten minutes"),
        boolean=True,
        ordering="is_in_headline",
    )
    def in_headline(self, invitation: Invitation) -> bool:
        """Whether its message counts for the ten-minute promise."""
        return invitation.is_in_headline


@admin.register(LinkVisit)
class LinkVisitAdmin(ReadOnlyModelAdmin):
    list_display = ("shown_event", "team", "count", "first_at", "last_at", "shown_quarantine")
    list_filter = (("quarantined_at", EmptyFieldListFilter),)
    list_select_related = ("invitation__service_event", "invitation__credited_team")
    ordering = ("-pk",)
    search_fields = ("invitation__service_event__external_id",)
    search_help_text = _("Ticket number.")

    @display(description=_("service event"))
    def shown_event(self, visit: LinkVisit) -> str:
        """The event whose link was opened."""
        return str(visit.invitation.service_event or visit.invitation)

    @display(
        description=_("visitor"), ordering="quarantined_at", label={"people": "success", "machine": "warning"}
    )
    def shown_quarantine(self, visit: LinkVisit) -> tuple[str, Any]:
        """Whether the visits may be a person's: a machine that opens every link of a message is none."""
        return (
            ("people", _("customer"))
            if visit.quarantined_at is None
            else ("machine", _("opened by a program"))
        )

    @display(description=_("counts for team"))
    def team(self, visit: LinkVisit) -> str:
        """Whose work it was."""
        return str(visit.invitation.credited_team)
