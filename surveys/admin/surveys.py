"""Survey rules: which questionnaire follows which events."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, ManyToManyField, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from feedback_site.accounts.admin import OwnedModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.list_parameters import CheckedChangeList
from feedback_site.accounts.models import User
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.common.listing import listed
from feedback_site.delivery.enums import DeliveryChannel
from feedback_site.evaluations.templatetags.figures import DASH
from feedback_site.questionnaires.models import QuestionnaireVersion
from surveys.forms import SurveyForm
from surveys.forms.order import order_posted
from surveys.models import Survey
from surveys.selectors.survey_rules import shadows
from surveys.services.surveys import reorder_surveys

_OF_OTHERS = _("a rule of another team")


class _SurveyList(CheckedChangeList):
    """The list, each row with the rules before it that leave it nothing to ask about."""

    def get_results(self, request: HttpRequest) -> None:
        """Find the rows of the page."""
        super().get_results(request)
        found = shadows(at=database_now())
        names = _names(found, request.user)
        for survey in self.result_list:
            survey.shadow = [names.get(pk, _OF_OTHERS) for pk in found.get(survey.pk, ())]


def _shadow(survey: Survey, reader: Any) -> list[Any]:
    """Return the rules that leave this one nothing to ask about, as the reader may know them."""
    found = {survey.pk: shadows(at=database_now()).get(survey.pk, ())}
    names = _names(found, reader)
    return [names.get(pk, _OF_OTHERS) for pk in found[survey.pk]]


def _names(found: Mapping[int, Sequence[int]], reader: Any) -> dict[int, str]:
    """Return the names of the rules that the reader may see."""
    ids = {pk for shadow in found.values() for pk in shadow}
    return dict(Survey.objects.for_user(reader).filter(pk__in=ids).values_list("pk", "name")) if ids else {}


@admin.register(Survey)
class SurveyAdmin(OwnedModelAdmin):
    form = SurveyForm
    list_display = (
        "position",
        "shown_name",
        "state",
        "shown_shadow",
        "whom",
        "shown_channels",
        "shown_share",
    )
    # Rows are dragged by the mouse; by keyboard the numbers are typed.
    ordering_field = "position"
    list_editable = ("position",)
    sortable_by = ()
    list_display_links = ("shown_name",)
    list_filter = ("is_active", "questionnaire", "team")
    list_select_related = ("questionnaire", "team")
    search_fields = ("slug", "name")
    ordering = ("position", "pk")
    prepopulated_fields = {"slug": ("name",)}
    # A handful of each: boxes to tick read better than two lists to move things between.
    formfield_overrides = {ManyToManyField: {"widget": UnfoldAdminCheckboxSelectMultipleWidget}}
    fieldsets = (
        (None, {"fields": (("name", "slug"), ("is_active", "place"), "questionnaire", "shown_shadow")}),
        (
            _("Which service events"),
            {"fields": ("kinds", "channels", "team", ("sample_percent", "cap_days"))},
        ),
        (
            _("How and when"),
            {
                "fields": (
                    "delivery_channels",
                    ("delay_minutes", "age_limit_hours"),
                    "link_valid_days",
                    "starts_at",
                    "ends_at",
                )
            },
        ),
        (_("What follows"), {"fields": ("follow_up_at_most",)}),
        (_("Unfinished responses"), {"fields": (("complete_from_percent", "partial_from_percent"),)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Survey | None = None) -> list[str]:
        """Fix the limits of unfinished responses once a customer was asked.

        Figures before and after would not compare.
        """
        fixed = ("complete_from_percent", "partial_from_percent") if obj and obj.invitations.exists() else ()
        return [*super().get_readonly_fields(request, obj), "place", "shown_shadow", *fixed]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list that knows which rules never get a turn."""
        return _SurveyList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the list, or put the rules into the order that was posted."""
        if request.method == "POST" and "_save" in request.POST:
            return self._reorder(request, staff_of(request))
        return super().changelist_view(request, extra_context)

    def _reorder(self, request: HttpRequest, user: User) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        try:
            moved = reorder_surveys(wanted=order_posted(request.POST), by=user)
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(
                request, _("The new order is saved.") if moved else _("The order stays as it was.")
            )
        return HttpResponseRedirect(request.get_full_path())

    @display(description=_("position"))
    def place(self, survey: Survey) -> str:
        """Where the rule stands; a new one comes last."""
        return str(survey.position) if survey.pk else str(_("last; move it in the list"))

    @display(description=_("never asks because of"))
    def shown_shadow(self, survey: Any) -> str:
        """The rules before this one that take all its events, so that it never gets a turn."""
        if not survey.pk:
            return DASH
        return listed(f"“{name}”" for name in survey.shadow) or DASH

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the rule with what the page shows of others, named for this reader."""
        survey = super().get_object(request, object_id, from_field)
        if survey is not None:
            survey.shadow = _shadow(survey, request.user)
        return survey

    def get_queryset(self, request: HttpRequest) -> QuerySet[Survey]:
        """Return the rules with what the list shows of them."""
        versions = QuestionnaireVersion.objects.filter(questionnaire_id=OuterRef("questionnaire_id"))
        return (
            super()
            .get_queryset(request)
            .annotate(is_published=Exists(versions))
            .prefetch_related("kinds", "channels")
        )

    @display(description=_("name"), header=True)
    def shown_name(self, survey: Survey) -> tuple[str, str]:
        """The name over the questionnaire that is sent."""
        return survey.name, str(survey.questionnaire)

    @display(description=_("asked"), header=True)
    def shown_share(self, survey: Survey) -> tuple[str, str]:
        """The share of events over the days between two invitations to one contact.

        Where there is such a limit.
        """
        limit = (
            ngettext("once in %(count)d day", "once in %(count)d days", survey.cap_days)
            if survey.cap_days
            else ""
        )
        return f"{survey.sample_percent}%", limit and limit % {"count": survey.cap_days}

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

    @display(
        description=_("state"), label={"active": "success", "unpublished": "danger", "inactive": "default"}
    )
    def state(self, survey: Any) -> tuple[str, Any]:
        """Whether the rule asks customers; one whose questionnaire was never published cannot."""
        if not survey.is_active:
            return "inactive", _("inactive")
        if not survey.is_published:
            return "unpublished", _("questionnaire not published")
        return "active", _("active")
