"""Evaluation records: calculated by services, reviewed and published by people."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import formats
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action
from unfold.enums import ActionVariant

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.models import User
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.evaluations.enums import Grade, RecordStatus
from feedback_site.evaluations.models import EvaluationRecord, subject_in_words
from feedback_site.evaluations.selectors.records import record_sheet
from feedback_site.evaluations.services import is_review_valid, may_publish, publish_record, review_record
from feedback_site.evaluations.templatetags.figures import period, points

PUBLISHING = "evaluations.change_evaluationrecord"
# Every value needs a colour: Unfold shows the bare value of those without.
_GRADE_COLOURS = {
    "": "default",
    Grade.EXCELLENT.value: "success",
    Grade.GOOD.value: "info",
    Grade.QUALIFIED.value: "primary",
    Grade.TO_IMPROVE.value: "warning",
    Grade.UNQUALIFIED.value: "danger",
}
_STATUS_COLOURS = {
    RecordStatus.DRAFT.value: "default",
    RecordStatus.CALCULATED.value: "default",
    RecordStatus.REVIEWED.value: "info",
    RecordStatus.PUBLISHED.value: "success",
}


@admin.register(EvaluationRecord)
class EvaluationRecordAdmin(ReadOnlyModelAdmin):
    list_display = (
        "shown_subject",
        "shown_period",
        "shown_score",
        "shown_grade",
        "covered",
        "shown_status",
        "revision",
        "scheme",
    )
    list_filter = ("subject_kind", "team", "channel", "kind", "period_kind", "status", "grade", "scheme")
    date_hierarchy = "period_start"
    ordering = ("-period_start", "period_kind", "scheme_id", "subject_kind", "team_id", "-revision")
    change_form_template = "evaluations/record.html"
    actions_detail = ("review", "publish")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the records with whom and what their pages name."""
        named = ("team", "agent", "channel", "kind", "scheme", "reviewed_by", "published_by")
        return super().get_queryset(request).select_related(*named)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the record as a sheet."""
        record = self._record(request, object_id)
        context = {
            "title": _title(record),
            "subtitle": None,
            "sheet": record_sheet(record=record),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the record with what its sheet names."""
        known = getattr(request, "_evaluation_record", None)
        if known is None or str(known.pk) != str(object_id):
            known = super().get_object(request, object_id, from_field)
            request._evaluation_record = known  # type: ignore[attr-defined]  # noqa: SLF001 - read once a request
        return known

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """Offer the step that the record stands before."""
        record = self.get_object(request, str(object_id))
        offered = super().get_actions_detail(request, object_id)
        steps = _steps_of(record, staff_of(request)) if record else ()
        return [entry for entry in offered if entry.path in steps]

    # A method, not the permission's name: Unfold's system check looks
    # names up in the database, which `migrate` has yet to make.
    def has_publish_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the reader may review and publish records."""
        return bool(request.user.has_perm(PUBLISHING))

    @action(
        description=_("Review"),
        url_path="review",
        permissions=["publish"],
        icon="fact_check",
        variant=ActionVariant.PRIMARY,
    )
    def review(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, then state that the figures were looked at."""
        return self._step(request, object_id, review_record, _("The record was reviewed."))

    @action(
        description=_("Publish"),
        url_path="publish",
        permissions=["publish"],
        icon="publish",
        variant=ActionVariant.SUCCESS,
    )
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, then publish and freeze."""
        return self._step(
            request, object_id, publish_record, _("The record was published and can no longer be changed.")
        )

    def _step(
        self, request: HttpRequest, object_id: str, service: Callable[..., Any], done: Any
    ) -> HttpResponse:
        record = self._record(request, object_id)
        if request.method != "POST":
            return self._ask(request, record, is_publishing=service is publish_record)
        at: datetime = database_now()
        try:
            service(record=record, by=request.user, at=at)
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, done)
        return redirect("admin:evaluations_evaluationrecord_change", record.pk)

    def _ask(self, request: HttpRequest, record: EvaluationRecord, *, is_publishing: bool) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _title(record),
            "opts": self.opts,
            "original": record,
            "record": record,
            "sheet": record_sheet(record=record),
            "is_publishing": is_publishing,
        }
        return TemplateResponse(request, "evaluations/record_step.html", context)

    def _record(self, request: HttpRequest, object_id: str) -> EvaluationRecord:
        """Return the record if it is within the reader's scope; what is outside does not exist for them."""
        record: EvaluationRecord = self.row_or_404(request, object_id)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        return record

    @display(description=pgettext_lazy("evaluation", "subject"))
    def shown_subject(self, record: EvaluationRecord) -> str:
        """What the record is about."""
        return subject_in_words(record)

    @display(description=_("period"), ordering="period_start")
    def shown_period(self, record: EvaluationRecord) -> str:
        """The period in words."""
        return period(record.period_kind, record.period_start)

    @display(description=_("score"), ordering="score")
    def shown_score(self, record: EvaluationRecord) -> str:
        """The displayed score; a dash without data."""
        return points(record.score)

    @display(description=_("grade"), ordering="score", label=_GRADE_COLOURS)
    def shown_grade(self, record: EvaluationRecord) -> tuple[str, Any]:
        """The grade, or that there is none."""
        return record.grade, record.get_grade_display() or _("no grade")

    @display(description=_("weight with data"), ordering="weight_covered")
    def covered(self, record: EvaluationRecord) -> str:
        """The share of the weight that was measured."""
        return f"{formats.number_format(record.weight_covered, decimal_pos=0)}%"

    @display(description=_("status"), ordering="status", label=_STATUS_COLOURS)
    def shown_status(self, record: EvaluationRecord) -> tuple[str, Any]:
        """Where the record stands."""
        return record.status, record.get_status_display()


def _steps_of(record: EvaluationRecord, reader: User) -> tuple[str, ...]:
    """Return the steps that the record stands before.

    It is published by another person than the one who reviewed it.
    """
    if record.status == RecordStatus.CALCULATED or (
        record.status == RecordStatus.REVIEWED and not is_review_valid(record)
    ):
        return ("review",)
    return ("publish",) if may_publish(record=record, by=reader) else ()


def _title(record: EvaluationRecord) -> str:
    return f"{subject_in_words(record)} · {period(record.period_kind, record.period_start)}"
