"""The settings of the organisation: one page."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin.base import ScopedModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.list_parameters import WrongParametersError, without
from feedback_site.accounts.forms import OrganisationForm
from feedback_site.accounts.models import Organisation
from feedback_site.accounts.models.organisation import THE_ROW
from feedback_site.accounts.services import save_organisation
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.week_hours import WEEK_FIELDS

# What Django's forms understand in their address.
_OF_A_FORM = {"_popup", "_to_field", "_changelist_filters", "e"}


@admin.register(Organisation)
class OrganisationAdmin(ScopedModelAdmin):
    form = OrganisationForm
    readonly_fields = ("shown_logo",)
    fieldsets = (
        (
            _("What customers see"),
            {
                "fields": (
                    "names",
                    ("hotline", "colour"),
                    "shown_logo",
                    "logo_file",
                    "removes_logo",
                    "languages",
                )
            },
        ),
        (
            _("Time"),
            {
                "fields": ("time_zone", *WEEK_FIELDS),
                "description": _(
                    "The working hours hold where no working calendar states others. Leave both fields of a "
                    "day off empty. Until 0:00 is until the end of the day."
                ),
            },
        ),
        (
            _("Counting and publishing"),
            {
                "fields": (
                    "on_site_counting",
                    "one_person_publishes",
                    ("fee_tolerance", "fee_tolerance_percent"),
                )
            },
        ),
        (
            _("Targets"),
            {
                "fields": (
                    "response_rate_goal",
                    ("sample_customers_percent", "sample_complainants_percent"),
                    ("complainant_days", "least_answers"),
                )
            },
        ),
        (
            _("Deadlines"),
            {
                "fields": (
                    ("accept_within_hours", "close_within_hours"),
                    ("close_complex_within_days", "repair_within_days"),
                )
            },
        ),
        (
            _("Grades"),
            {"fields": (("excellent_from", "good_from"), ("qualified_from", "to_improve_from"))},
        ),
    )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the one page. It is no list: whatever is asked of it as of a list is named."""
        asked = dict.fromkeys(set(request.GET) - _OF_A_FORM, gettext("This list has no such filter."))
        if asked:
            WrongParametersError(asked).tell(request)
            without(request, asked)
        return self.changeform_view(request, str(THE_ROW), "", extra_context)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the row, with its defaults before it was first saved."""
        return Organisation.objects.current() if object_id == str(THE_ROW) else None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It is changed, never taken away."""
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save through the service."""
        if isinstance(obj, Organisation):
            save_organisation(organisation=obj, logo=form.drawn_logo, by=staff_of(request), at=database_now())

    @display(description=_("logo"))
    def shown_logo(self, organisation: Organisation) -> str:
        """The logo as pages show it."""
        if organisation.logo_id is None:
            return "-"
        return format_html('<img src="{}" alt="" height="32">', reverse("logo", args=[organisation.logo_id]))
