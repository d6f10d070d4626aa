"""The sheet of figures from outside: all teams of a month on one page, typed or from a file."""

from datetime import date
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.evaluations.enums import PeriodKind, SubjectKind
from feedback_site.evaluations.models import Measurement
from feedback_site.evaluations.rules import (
    PERIOD_CODES,
    Period,
    period_before,
    period_code,
    period_of_code,
    period_start,
)
from feedback_site.evaluations.selectors.subjects import sheet_rows
from feedback_site.evaluations.services.sheets import (
    Taken,
    cells_of,
    import_measurements,
    period_from,
    save_sheet,
    subjects_are_one_of,
)

ENTERING = "evaluations.add_measurement"


def sheet_view(request: HttpRequest) -> HttpResponse:
    """Show the sheet of a period; POST saves what was typed, or takes a file in.

    Its rows are the subjects of one kind within the reader's scope.
    """
    if not request.user.has_perm(ENTERING):
        raise PermissionDenied
    user, at = cast("User", request.user), database_now()
    period, subject_kind, error = _asked_for(request, timezone.localdate(at))
    subjects = sheet_rows(subject_kind=subject_kind, principal=user)
    rows = cells_of(rows=subjects, period=period)
    taken: Taken | None = None
    file = request.FILES.get("file")
    if request.method == "POST" and not error:
        try:
            if isinstance(file, UploadedFile):
                taken = import_measurements(
                    stream=cast("Any", file.file), name=file.name or "", by=user, at=at
                )
            else:
                taken = save_sheet(cells=rows, period=period, typed=request.POST.dict(), by=user, at=at)
        except DomainError as refusal:
            error = str(refusal.message)
        if taken and not taken.refused:
            rows = cells_of(rows=subjects, period=period)
    context = {
        **admin.site.each_context(request),
        "title": _("Figures from outside"),
        "opts": Measurement._meta,  # noqa: SLF001 - what the admin's templates call it
        "period": period,
        "period_code": period_code(*period),
        "period_kinds": PeriodKind.choices,
        "subject_kind": SubjectKind(subject_kind),
        "subject_kinds": SubjectKind.choices,
        "rows": rows,
        "taken": taken,
        "error": error,
    }
    return TemplateResponse(request, "evaluations/sheet.html", context)


def _asked_for(request: HttpRequest, today: date) -> tuple[Period, str, str]:
    """Return the period and the kind of subject asked for, and what was wrong with the request.

    Unless another one is asked for, it is the last month that is over, of teams.
    """
    last = Period(PeriodKind.MONTH.value, period_before(PeriodKind.MONTH, today.replace(day=1)))
    said = request.POST if request.method == "POST" else request.GET
    subject_kind = said.get("subject_kind") or SubjectKind.TEAM.value
    if subject_kind not in SubjectKind.values:
        return last, SubjectKind.TEAM.value, subjects_are_one_of()
    try:
        return _period(said) or last, subject_kind, ""
    except DomainError as error:
        return last, SubjectKind.TEAM.value, str(error.message)


def _period(said: QueryDict) -> Period | None:
    """Return the period by its code, or the one of a kind that holds a day; None where nothing is said."""
    code = said.get("period") or said.get("month")
    if code:
        return period_from(code)
    kind, day = said.get("period_kind", ""), said.get("day")
    if not day:
        return None
    holding = period_of_code(day)
    if kind not in PeriodKind.values or holding is None or holding.kind != PeriodKind.DAY:
        raise DomainError(PERIOD_CODES)
    return Period(kind, period_start(kind, holding.start))
