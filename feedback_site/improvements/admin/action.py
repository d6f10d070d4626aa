"""Improvement actions: planned, marked as done, proved by what comes later."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Case, Model, Q, QuerySet, When
from django.db.models.functions import Now, TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant

from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.scope import scoped
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.common.listing import listed
from feedback_site.customers.admin.words import SealedWordsMixin
from feedback_site.evaluations.enums import Direction
from feedback_site.evaluations.templatetags.figures import DASH, figure, limit, period
from feedback_site.improvements.admin.base import STATUS_COLOURS, ServiceModelAdmin
from feedback_site.improvements.enums import ActionStatus, ProblemStatus, ProofKind
from feedback_site.improvements.forms import ActionForm
from feedback_site.improvements.models import ImprovementAction, Problem
from feedback_site.improvements.selectors import shown_figure
from feedback_site.improvements.services import finish_action, plan_action, revise_action
from feedback_site.improvements.services.words import ACTION_WORDS

_IS_OVERDUE = Q(status=ActionStatus.PLANNED, problem__status=ProblemStatus.OPEN, due_on__lt=TruncDate(Now()))
_PLAN = ("measure", "owner", "due_on", "resources", "proof_kind", "standard_indicator", "standard_value")
# On the page of a finished action nothing is to be chosen, so that the choice is not there.
_BY_MEASUREMENT = "typeof proof_kind === 'undefined' || proof_kind == 'measurement'"


@admin.register(ImprovementAction)
class ImprovementActionAdmin(SealedWordsMixin, ServiceModelAdmin):
    words_kind = ACTION_WORDS
    form = ActionForm
    list_display = ("shown_measure", "team", "shown_status", "shown_owner", "due_on", "shown_standard")
    list_filter = ("status", "proof_kind", "problem__team", "owner")
    search_fields = ("measure",)
    search_help_text = _("Search in the text of the action.")
    # What waits for staff comes first.
    ordering = (
        Case(When(status__in=[ActionStatus.PLANNED, ActionStatus.DONE], then=0), default=1),
        "due_on",
        "pk",
    )
    conditional_fields = {"standard_indicator": _BY_MEASUREMENT, "standard_value": _BY_MEASUREMENT}
    actions_detail = ("finish", "open_words")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the actions within scope, with what their pages name."""
        rows = super().get_queryset(request).annotate(is_overdue=_IS_OVERDUE)
        return rows.select_related(
            "problem__team",
            "problem__indicator",
            "owner",
            "standard_indicator",
            "proof_measurement__indicator",
        )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show a new action's plan, and where a known one stands."""
        standing = (
            ()
            if obj is None
            else (
                (_("Verification"), {"fields": (("shown_status", "done_at"), ("shown_proof", "proved_at"))}),
            )
        )
        return (
            (
                None,
                {
                    "fields": (
                        "problem" if obj is None else "shown_problem",
                        "measure",
                        ("owner", "due_on"),
                        "resources",
                    )
                },
            ),
            (
                _("How it will be verified"),
                {"fields": ("proof_kind", ("standard_indicator", "standard_value"))},
            ),
            *standing,
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep which problem it is against."""
        return () if obj is None else ("shown_problem", "shown_status", "done_at", "shown_proof", "proved_at")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Propose what the problem suggests: its owner, its indicator, and the proof that fits it."""
        initial: dict[str, Any] = dict(super().get_changeform_initial_data(request))
        problem = self._problem_named(request)
        if problem is None:
            return initial
        kind = ProofKind.VISIT if problem.service_event_id else ProofKind.MEASUREMENT
        return {
            "owner": problem.owner_id,
            "standard_indicator": problem.indicator_id,
            "proof_kind": kind.value,
            **initial,
        }

    def _problem_named(self, request: HttpRequest) -> Problem | None:
        """Return the open problem that the address names, within scope."""
        try:
            named = UUID(request.GET.get("problem", ""))
        except ValueError:
            return None
        found: Problem | None = scoped(Problem.objects.open(), request.user).filter(pk=named).first()
        return found

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was planned is changed until it is done: a standard is not bent afterwards."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or (
            obj.status == ActionStatus.PLANNED and obj.problem.status == ProblemStatus.OPEN
        )

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Plan the action, or change its plan, by its service."""
        plan = {name: form.cleaned_data[name] for name in _PLAN}
        at = database_now()
        if change:
            revise_action(action=form.instance, **plan, at=at)
        else:
            obj.pk = plan_action(problem=form.cleaned_data["problem"], **plan, at=at).pk

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go back to the problem after planning."""
        response: HttpResponse = super().response_add(request, obj, post_url_continue)
        if {"_continue", "_addanother", "_popup"} & request.POST.keys():
            return response
        return redirect("admin:improvements_problem_change", obj.problem_id)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """Offer what a planned action waits for."""
        known = self.get_object(request, str(object_id))
        offered = super().get_actions_detail(request, object_id)
        may_work = known is not None and self.has_change_permission(request, known)
        return offered if may_work else [one for one in offered if one.path == "open-words"]

    @action(
        description=_("Mark as done"),
        url_path="finish",
        permissions=["work"],
        icon="task_alt",
        variant=ActionVariant.PRIMARY,
    )
    def finish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, then state that the action was carried out."""
        known = self.row_to_change(request, object_id)
        if request.method != "POST":
            context = {
                **self.admin_site.each_context(request),
                "title": _("Mark as done"),
                "opts": self.opts,
                "original": known,
                "action": known,
            }
            return TemplateResponse(request, "improvements/finish.html", context)
        try:
            finish_action(action=known, at=database_now())
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(
                request, _("The action is marked as done. The system now looks for evidence that it worked.")
            )
        return redirect("admin:improvements_problem_change", known.problem_id)

    @display(description=_("what is done"), header=True, ordering="measure")
    def shown_measure(self, known: ImprovementAction) -> tuple[str, str]:
        """The measure, above what it is against."""
        problem = known.problem
        return str(known), problem.indicator.name if problem.indicator else problem.get_theme_display()

    @display(description=_("problem"))
    def shown_problem(self, known: ImprovementAction) -> SafeString:
        """The problem, as a link."""
        return _link(reverse("admin:improvements_problem_change", args=[known.problem_id]), known.problem)

    @display(description=_("team"), ordering="problem__team")
    def team(self, known: ImprovementAction) -> str:
        """Whose problem it is."""
        return str(known.problem.team)

    @display(description=_("owner"), ordering="owner")
    def shown_owner(self, known: ImprovementAction) -> str:
        """Who does it, by name."""
        return known.owner.get_full_name() or known.owner.get_username()

    @display(description=_("status"), ordering="status", label=STATUS_COLOURS)
    def shown_status(self, known: Any) -> tuple[str, Any]:
        """The action's status, as a label; a planned one past its date is overdue."""
        if getattr(known, "is_overdue", False):
            return "overdue", _("Overdue")
        return known.status, known.get_status_display()

    @display(description=_("verified by"))
    def shown_standard(self, known: ImprovementAction) -> str:
        """The kind of proof, and the value to reach."""
        if known.standard_indicator is None or known.standard_value is None:
            return known.get_proof_kind_display()
        indicator = known.standard_indicator
        sign = "≤" if indicator.direction == Direction.LOWER else "≥"
        return f"{indicator.name} {sign} {limit(known.standard_value, indicator.unit)}"

    @display(description=_("verification"))
    def shown_proof(self, known: ImprovementAction) -> str | SafeString:
        """The measurement or the return visit that proved it, as a link."""
        shown = shown_figure(known.proof_measurement)
        if shown is not None:
            text = listed([figure(shown.value, shown.indicator.unit), period(shown.kind, shown.start)])
            return format_html(
                '<a href="{}">{}</a>',
                reverse("admin:evaluations_measurement_change", args=[known.proof_measurement_id]),
                text,
            )
        if known.proof_visit_id is None:
            return DASH
        try:
            address = reverse("admin:visits_returnvisit_change", args=[known.proof_visit_id])
        except NoReverseMatch:
            return known.get_proof_kind_display()
        return _link(address, known.get_proof_kind_display())


def _link(address: str, text: object) -> SafeString:
    return format_html('<a href="{}" class="text-link">{}</a>', address, text)
