"""Imports: a file is checked, staff say go, and every row is taken in or listed with its line."""

from typing import Any
from urllib.parse import quote

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.models import User
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.common.languages import reader_language, reads_chinese
from feedback_site.service_events.admin.columns import (
    columns_form,
    columns_read,
    confirm_form,
    read_columns,
    waits_for_columns,
)
from feedback_site.service_events.admin.import_files import list_of_problems, sample_file
from feedback_site.service_events.api.event_files.explaining import columns_for
from feedback_site.service_events.enums import ImportStatus
from feedback_site.service_events.forms import EventImportForm
from feedback_site.service_events.models import EventImport
from feedback_site.service_events.services.importing import (
    cancel_import,
    check_again,
    confirm_import,
    hold_for_columns,
    may_import,
    request_import,
)
from feedback_site.service_events.services.importing.same_customers import CONTACTS_DIFFER, LAST, PROBLEM

_COLOURS = {
    ImportStatus.QUEUED.value: "default",
    ImportStatus.RUNNING.value: "info",
    ImportStatus.CHECKED.value: "warning",
    ImportStatus.DONE.value: "success",
    ImportStatus.FAILED.value: "danger",
    ImportStatus.CANCELLED.value: "default",
}
_MOST_SHOWN, _MOST_REASONS = 50, 5
_LIST = "admin:service_events_eventimport_changelist"
_PAGE = "admin:service_events_eventimport_change"
_COLUMNS = "admin:service_events_eventimport_columns"


@admin.register(EventImport)
class EventImportAdmin(ReadOnlyModelAdmin):
    list_display = (
        "file",
        "shown_status",
        "progress",
        "imported",
        "repeated",
        "listed",
        "requested_by",
        "queued_at",
    )
    list_filter = ("status", "origin")
    list_select_related = ("requested_by",)
    ordering = ("-pk",)
    list_before_template = "service_events/imports/list_head.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Staff who may import uploads files here, for the teams they see."""
        return isinstance(request.user, User) and may_import(request.user)

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses around a file."""
        wrap = self.admin_site.admin_view
        own = [
            path("help/", wrap(self.help), name="service_events_eventimport_help"),
            path("sample/<str:kind>/", wrap(self.sample), name="service_events_eventimport_sample"),
            path(
                "<path:object_id>/confirm/",
                wrap(require_POST(self.confirm)),
                name="service_events_eventimport_confirm",
            ),
            path("<path:object_id>/columns/", wrap(self.columns), name="service_events_eventimport_columns"),
            path(
                "<path:object_id>/same-customers/",
                wrap(require_POST(self.decide)),
                name="service_events_eventimport_decide",
            ),
            path(
                "<path:object_id>/cancel/",
                wrap(require_POST(self.cancel)),
                name="service_events_eventimport_cancel",
            ),
            path(
                "<path:object_id>/problems/", wrap(self.problems), name="service_events_eventimport_problems"
            ),
        ]
        return [*own, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Take a file, look at its columns, and queue its check."""
        user = self._importer(request)
        form = EventImportForm(user=user, data=request.POST or None, files=request.FILES or None)
        if request.method == "POST" and form.is_valid():
            event_import = self._ask(form, user)
            if event_import is not None:
                return redirect(_PAGE, event_import.pk)
        return self._page(request, "upload", title=_("Import service events"), form=form)

    def help(self, request: HttpRequest) -> HttpResponse:
        """Say what the columns may be called and what they hold."""
        return self._page(
            request, "help", title=_("Columns of a file"), columns=list(columns_for(self._importer(request)))
        )

    def sample(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Hand over a file to begin with."""
        user = self._importer(request)
        if kind not in {"csv", "xlsx"}:
            raise Http404
        file = sample_file(user, kind, in_chinese=reads_chinese(), at=database_now())
        return _attachment(file, f"events-sample.{kind}")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show how far an import is, what became of its rows, and what can be done now."""
        event_import = self._import(request, object_id)
        if waits_for_columns(event_import) and self.has_add_permission(request):
            return redirect(_COLUMNS, event_import.pk)
        # While rows are still read, their number is enough.
        problems = (
            [] if event_import.is_unfinished else list(event_import.problems.order_by("line")[:_MOST_SHOWN])
        )
        return self._page(
            request,
            "state",
            title=event_import.file_name,
            event_import=event_import,
            problems=problems,
            reasons=_frequent_reasons(event_import) if len(problems) > _MOST_REASONS else [],
            is_unfinished=event_import.is_unfinished,
            is_checked=event_import.status == ImportStatus.CHECKED,
            columns=columns_read(event_import),
            to_import=event_import.imported + event_import.continued,
            problems_total=event_import.listed + event_import.warned,
            is_cut=event_import.listed + event_import.warned > len(problems),
            is_undecided=event_import.problems.filter(changes__has_key=PROBLEM).exists(),
            may_import=self.has_add_permission(request),
            **_forecast(event_import),
        )

    def columns(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask which column is which field, and check the file so."""
        user = self._importer(request)
        event_import = self._import(request, object_id)
        if event_import.status != ImportStatus.CHECKED:
            return redirect(_PAGE, event_import.pk)
        try:
            form = columns_form(event_import, user, request.POST or None)
        except DomainError as error:  # not to its own page, which leads here
            messages.error(request, str(error.message))
            return redirect(_LIST)
        if request.method == "POST" and form.is_valid() and confirm_form(form, event_import, user):
            return redirect(_PAGE, event_import.pk)
        return self._page(
            request, "columns", title=_("Columns of the file"), form=form, event_import=event_import
        )

    def confirm(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Import what was checked."""
        return self._do(request, object_id, confirm_import, by=self._importer(request))

    def decide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say that one customer number means one customer in spite of contacts; check the file again."""
        return self._do(
            request, object_id, check_again, by=self._importer(request), changes={CONTACTS_DIFFER: LAST}
        )

    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Stop an import."""
        self._importer(request)
        return self._do(request, object_id, cancel_import)

    def problems(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Hand over the list of rows that were not taken in."""
        event_import = self._import(request, object_id)
        return _attachment(
            list_of_problems(event_import),
            f"{event_import.file_name.rpartition('.')[0] or event_import.file_name}-rows.csv",
        )

    @display(description=_("file"), header=True, ordering="file_name")
    def file(self, event_import: EventImport) -> tuple[str, Any]:
        """The file over what is done with it."""
        if event_import.is_dry_run:
            return event_import.file_name, _("check")
        return event_import.file_name, _("historical data") if event_import.is_replayed else _("import")

    @display(description=_("status"), ordering="status", label=_COLOURS)
    def shown_status(self, event_import: EventImport) -> tuple[str, Any]:
        """The import's status, as a label."""
        if waits_for_columns(event_import):
            return event_import.status, _("Columns to be confirmed")
        return event_import.status, event_import.get_status_display()

    @display(description=_("progress"))
    def progress(self, event_import: EventImport) -> SafeString | str:
        """How many rows are behind us; what went wrong where it failed."""
        if event_import.error:
            return event_import.error
        if not event_import.is_unfinished:
            return ngettext("%(count)s row", "%(count)s rows", event_import.position) % {
                "count": f"{event_import.position:,}"
            }
        return format_html(
            '<progress data-running max="{}" value="{}" aria-label="{}"></progress> {}',
            max(event_import.rows_total or 1, 1),
            event_import.position,
            _("progress"),
            f"{event_import.position:,} / {event_import.rows_total or 0:,}",
        )

    def _ask(self, form: EventImportForm, user: User) -> EventImport | None:
        upload = form.cleaned_data["file"]
        try:
            mapping, is_understood = read_columns(upload.file, upload.name, form.mapping(), user)
            take = request_import if is_understood else hold_for_columns
            return take(
                stream=upload.file,
                name=upload.name,
                mapping=mapping,
                is_replayed=form.cleaned_data["is_replayed"],
                language=reader_language().value,
                by=user,
                at=database_now(),
            )
        except DomainError as error:
            form.add_error("file", str(error.message))
            return None

    def _do(self, request: HttpRequest, object_id: str, service: Any, **options: Any) -> HttpResponse:
        event_import = self._import(request, object_id)
        try:
            service(event_import=event_import, at=database_now(), **options)
        except DomainError as error:
            messages.error(request, str(error.message))
        return redirect(_PAGE, event_import.pk)

    def _page(self, request: HttpRequest, name: str, **context: Any) -> TemplateResponse:
        return TemplateResponse(
            request,
            f"service_events/imports/{name}.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "list_address": reverse(_LIST),
                **context,
            },
        )

    def _importer(self, request: HttpRequest) -> User:
        user = staff_of(request)
        if not may_import(user):
            raise PermissionDenied
        return user

    def _import(self, request: HttpRequest, object_id: str) -> EventImport:
        """Return the import within the reader's scope; others do not exist for them."""
        rows: QuerySet[EventImport] = self.get_queryset(request)
        event_import: EventImport = self.row_or_404(request, object_id)
        if not rows.filter(pk=event_import.pk).exists():
            raise Http404
        if not self.has_view_permission(request, event_import):
            raise PermissionDenied
        return event_import


def _frequent_reasons(event_import: EventImport) -> list[Any]:
    """Return the reasons that many rows share: a mistake made once in a program is in every row."""
    groups = event_import.problems.values("reason").annotate(rows=Count("id")).filter(rows__gt=1)
    return list(groups.order_by("-rows", "reason")[:_MOST_REASONS])


def _forecast(event_import: EventImport) -> dict[str, Any]:
    """Return the share of rows behind us and the seconds that the rest will take."""
    total = max(event_import.rows_total or 0, event_import.position)
    left = total - event_import.position
    return {
        "percent": 100 * event_import.position // total if total else 0,
        "seconds_left": -(-left // event_import.rows_per_second) if event_import.rows_per_second else None,
    }


def _attachment(data: bytes, name: str) -> HttpResponse:
    kind = (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        if name.endswith(".xlsx")
        else "text/csv; charset=utf-8"
    )
    return HttpResponse(
        data,
        content_type=kind,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )
