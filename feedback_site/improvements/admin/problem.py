"""Problems: what is wrong, why, who sees to it, and the actions that must prove that it is solved."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, F, Model, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant

from feedback_site.accounts.admin.display import display
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.customers.admin.words import SealedWordsMixin
from feedback_site.evaluations.templatetags.figures import DASH, figure, limit
from feedback_site.improvements.admin.base import STATUS_COLOURS, ServiceModelAdmin
from feedback_site.improvements.enums import ActionStatus, ClosingReason, ProblemSource, ProblemStatus
from feedback_site.improvements.forms import ProblemForm
from feedback_site.improvements.models import Problem
from feedback_site.improvements.selectors import problem_sheet, shown_figure
from feedback_site.improvements.services import close_problem, open_problem, revise_problem
from feedback_site.improvements.services.words import PROBLEM_WORDS

_IS_OVERDUE = Q(status=ProblemStatus.OPEN, due_at__lt=Now())
_ANALYSIS = ("theme", "manifestation", "indicator", "root_cause", "direction", "owner", "due_at")


@admin.register(Problem)
class ProblemAdmin(SealedWordsMixin, ServiceModelAdmin):
    words_kind = PROBLEM_WORDS
    form = ProblemForm
    list_display = (
        "shown_problem",
        "team",
        "shown_status",
        "shown_figure",
        "shown_source",
        "shown_owner",
        "shown_due",
        "shown_actions",
    )
    list_filter = ("status", "source", "theme", "team", "indicator", "owner")
    search_fields = ("manifestation", "service_event__external_id")
    search_help_text = _("Search in the description of the problem, or by ticket number.")
    ordering = ("-status", F("due_at").asc(nulls_last=True), "-opened_at")
    fieldsets = (
        (None, {"fields": (("team", "theme"), "manifestation", "indicator")}),
        (_("Analysis"), {"fields": ("root_cause", "direction")}),
        (_("Who sees to it"), {"fields": ("owner", "due_at")}),
    )
    change_form_outer_before_template = "improvements/problem_head.html"
    change_form_outer_after_template = "improvements/problem_foot.html"
    actions_detail = ("plan", "withdraw", "open_words")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the problems within scope, with what their pages name and how their actions stand."""
        rows = (
            super()
            .get_queryset(request)
            .select_related("team", "indicator", "owner", "measurement__indicator")
        )
        proved = Count("actions", filter=Q(actions__status=ActionStatus.PROVED))
        return rows.annotate(is_overdue=_IS_OVERDUE, action_count=Count("actions"), proved_count=proved)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep whose problem it is."""
        return () if obj is None else ("team",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A closed problem stays as it was closed."""
        return super().has_change_permission(request, obj) and (
            obj is None or obj.status == ProblemStatus.OPEN
        )

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Open the problem, or write its analysis down, by its service."""
        data = form.cleaned_data
        if change:
            revise_problem(
                problem=form.instance, **{name: data[name] for name in _ANALYSIS}, at=database_now()
            )
            return
        facts = {
            name: data[name] for name in ("team", "theme", "manifestation", "indicator", "owner", "due_at")
        }
        opened = open_problem(source=ProblemSource.MANUAL, **facts, at=database_now())
        revise_problem(problem=opened, **{name: data[name] for name in _ANALYSIS}, at=database_now())
        obj.pk = opened.pk

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the problem with its figure, actions and history."""
        problem = self.get_object(request, object_id)
        context: dict[str, Any] = {"subtitle": None, **(extra_context or {})}
        if problem is not None and self.has_view_permission(request, problem):
            context["title"] = _headline(problem)
            context["sheet"] = problem_sheet(problem=problem, user=request.user, at=database_now())  # type: ignore[arg-type]  # signed in
            context["may_work"] = context["sheet"].is_open and request.user.has_perm(
                "improvements.change_improvementaction"
            )
        return super().change_view(request, object_id, form_url, context)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """Offer what can be done while the problem is open."""
        problem = self.get_object(request, str(object_id))
        offered = super().get_actions_detail(request, object_id)
        is_open = problem is not None and problem.status == ProblemStatus.OPEN
        return offered if is_open else [one for one in offered if one.path == "open-words"]

    @action(
        description=_("Plan an action"),
        url_path="plan",
        permissions=["work"],
        icon="add_task",
        variant=ActionVariant.PRIMARY,
    )
    def plan(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go to the form of an action against this problem."""
        problem = self.row_to_change(request, object_id)
        address = redirect("admin:improvements_improvementaction_add").url
        return redirect(f"{address}?problem={problem.pk}")

    @action(
        description=_("Not a problem"), url_path="withdraw", permissions=["work"], icon="do_not_disturb_on"
    )
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, then close the problem without a proof."""
        problem = self.row_to_change(request, object_id)
        if request.method == "POST":
            return self._withdraw(request, problem)
        context = {
            **self.admin_site.each_context(request),
            "title": _headline(problem),
            "opts": self.opts,
            "original": problem,
            "sheet": problem_sheet(problem=problem, user=request.user, at=database_now()),  # type: ignore[arg-type]  # signed in
        }
        return TemplateResponse(request, "improvements/withdraw.html", context)

    def _withdraw(self, request: HttpRequest, problem: Problem) -> HttpResponse:
        try:
            close_problem(problem=problem, reason=ClosingReason.WITHDRAWN, at=database_now())
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, _("The problem is closed as “not a problem”."))
        return redirect("admin:improvements_problem_change", problem.pk)

    @display(description=_("problem"), header=True, ordering="-opened_at")
    def shown_problem(self, problem: Problem) -> tuple[str, str]:
        """What it is about, above how it shows."""
        return _subject(problem), str(problem)

    @display(description=_("status"), ordering="status", label=STATUS_COLOURS)
    def shown_status(self, problem: Any) -> tuple[str, Any]:
        """Open, overdue, or why it was closed."""
        if problem.is_overdue:
            return "overdue", _("Overdue")
        if problem.closing_reason:
            is_proved = problem.closing_reason == ClosingReason.PROVED
            return "proved_problem" if is_proved else problem.status, problem.get_closing_reason_display()
        return problem.status, problem.get_status_display()

    @display(description=_("figure now / baseline"))
    def shown_figure(self, problem: Problem) -> str:
        """The figure that showed it, as it is measured now, and the baseline."""
        shown = shown_figure(problem.measurement)
        if shown is None:
            return DASH
        unit = shown.indicator.unit
        return f"{figure(shown.value, unit)} / {limit(shown.indicator.baseline, unit)}"

    @display(description=_("owner"), ordering="owner")
    def shown_owner(self, problem: Problem) -> str | None:
        """Who sees to it, by name."""
        return (problem.owner.get_full_name() or problem.owner.get_username()) if problem.owner else None

    @display(description=_("due by"), ordering="due_at")
    def shown_due(self, problem: Problem) -> Any:
        """Until when it is to be solved."""
        return problem.due_at

    @display(description=_("opened by"), ordering="source")
    def shown_source(self, problem: Problem) -> str:
        """What opened it."""
        return problem.get_source_display()

    @display(description=_("actions verified"), ordering="action_count")
    def shown_actions(self, problem: Any) -> str:
        """How many of its actions are proved."""
        return f"{problem.proved_count} / {problem.action_count}" if problem.action_count else DASH


def _subject(problem: Problem) -> str:
    return problem.indicator.name if problem.indicator else problem.get_theme_display()


def _headline(problem: Problem) -> str:
    return f"{problem.team.name} · {_subject(problem)}"
