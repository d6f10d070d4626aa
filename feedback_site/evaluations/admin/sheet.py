"""The sheet of figures from outside: all teams of a month on one page, typed or from a file."""

from datetime import date, timedelta
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team, User
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.evaluations.models import Measurement
from feedback_site.evaluations.services.sheets import (
    Taken,
    cells_of,
    import_measurements,
    month_of,
    save_sheet,
)

ENTERING = "evaluations.add_measurement"


def sheet_view(request: HttpRequest) -> HttpResponse:
    """Show the month's sheet within the reader's teams; POST saves what was typed, or takes a file in."""
    if not request.user.has_perm(ENTERING):
        raise PermissionDenied
    user, at = cast("User", request.user), database_now()
    teams = list(Team.objects.for_user(user).without_tree_fields().filter(is_active=True).order_by("code"))
    month, error = _month(request, timezone.localdate(at))
    rows = cells_of(teams=teams, month=month)
    taken: Taken | None = None
    file = request.FILES.get("file")
    if request.method == "POST" and not error:
        try:
            if isinstance(file, UploadedFile):
                taken = import_measurements(
                    stream=cast("Any", file.file), name=file.name or "", teams=teams, by=user, at=at
                )
            else:
                taken = save_sheet(cells=rows, month=month, typed=request.POST.dict(), by=user, at=at)
        except DomainError as refusal:
            error = str(refusal.message)
        if taken and not taken.refused:
            rows = cells_of(teams=teams, month=month)
    context = {
        **admin.site.each_context(request),
        "title": _("Figures from outside"),
        "opts": Measurement._meta,  # noqa: SLF001 - what the admin's templates call it
        "month": month,
        "rows": rows,
        "taken": taken,
        "error": error,
    }
    return TemplateResponse(request, "evaluations/sheet.html", context)


def _month(request: HttpRequest, today: date) -> tuple[date, str]:
    """Return the month asked for, else the last one that is over, and what was wrong with the request."""
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    text = request.POST.get("month") or request.GET.get("month") or ""
    if not text:
        return last, ""
    try:
        return month_of(text), ""
    except DomainError as error:
        return last, str(error.message)
