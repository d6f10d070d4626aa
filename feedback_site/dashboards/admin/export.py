"""Exports: what I asked for, how far it is, and the files that are ready."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Now
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
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
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.common.languages import reader_language
from feedback_site.common.leased_jobs import UNFINISHED
from feedback_site.dashboards.admin.asking import ExportRequestForm
from feedback_site.dashboards.enums import ExportFormat, ExportKind, ExportStatus
from feedback_site.dashboards.models import Export
from feedback_site.dashboards.services.exporting import (
    SOURCES,
    cancel_export,
    count_rows,
    described_filters,
    may_export,
    open_export,
    request_export,
)

_COLOURS = {
    ExportStatus.QUEUED.value: "default",
    ExportStatus.RUNNING.value: "info",
    ExportStatus.DONE.value: "success",
    ExportStatus.FAILED.value: "danger",
    ExportStatus.CANCELLED.value: "warning",
}
_LIST = "admin:dashboards_export_changelist"


@admin.register(Export)
class ExportAdmin(ReadOnlyModelAdmin):
    list_display = ("rows", "shown_status", "progress", "shown_filters", "queued_at", "file")
    list_filter = ("kind", "status")
    ordering = ("-pk",)
    actions = ("cancel_selected",)
    list_before_template = "dashboards/exports/list_head.html"
    change_form_outer_before_template = "dashboards/exports/state.html"
    fields = (
        ("rows", "shown_filters"),
        ("language", "shown_status"),
        ("queued_at", "started_at", "finished_at"),
        "expires_at",
        "error",
    )
    readonly_fields = ("rows", "shown_filters", "shown_status")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Staff who may export asks here for exports of any size."""
        return bool(request.user.has_perm("dashboards.add_export"))

    # A method, not the permission's name: Unfold's system check looks
    # names up in the database, which `migrate` has yet to make.
    def has_export_permission(self, request: HttpRequest) -> bool:
        """Return whether the reader may export at all."""
        return self.has_add_permission(request)

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the file and of stopping an export."""
        own = [
            path(
                "<path:object_id>/download/",
                self.admin_site.admin_view(self.download),
                name="dashboards_export_download",
            ),
            path(
                "<path:object_id>/cancel/",
                self.admin_site.admin_view(require_POST(self.cancel)),
                name="dashboards_export_cancel",
            ),
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the reader's exports, and whether the file of each can still be had."""
        kept = Q(status=ExportStatus.DONE, expires_at__gt=Now()) & ~Q(file_name="")
        return (
            super()
            .get_queryset(request)
            .annotate(is_kept=ExpressionWrapper(kept, output_field=BooleanField()))
        )

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Ask what to export, say how many rows that is and what is masked, then queue it."""
        at = database_now()
        user = staff_of(request)
        kinds = [kind for kind in ExportKind if may_export(user, kind, at=at)]
        if not kinds or not self.has_add_permission(request):
            raise PermissionDenied
        asked = request.GET.get("rows", "")  # `kind` is a filter: the kind of service
        kind = ExportKind(asked) if asked in kinds else kinds[0]
        form = ExportRequestForm(
            kind=kind, user=user, data=(request.POST if request.method == "POST" else request.GET).dict()
        )
        if "_start" in request.POST and form.is_valid() and self._start(request, form):
            return redirect(_LIST)
        context = {
            **self.admin_site.each_context(request),
            "title": _("New export"),
            "opts": self.opts,
            "kinds": kinds,
            "kind": kind,
            "form": form,
            "rows": count_rows(kind=kind, filters=form.filters(), principal=user)
            if form.is_valid()
            else None,
            "headings": SOURCES[kind].resource().headings(),
        }
        return TemplateResponse(request, "dashboards/exports/new.html", context)

    def download(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Hand the file over, on record."""
        export = self._export(request, object_id)
        try:
            file = open_export(export=export, by=staff_of(request), at=database_now())
        except DomainError as error:
            messages.error(request, str(error.message))
            return redirect(_LIST)
        return FileResponse(
            file.path.open("rb"), as_attachment=True, filename=file.name, content_type=file.content_type
        )

    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Stop an export."""
        try:
            cancel_export(export=self._export(request, object_id), at=database_now())
        except DomainError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, _("The export was cancelled."))
        return redirect(_LIST)

    @admin.action(description=_("Cancel the selected exports"), permissions=["export"])
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[Export]) -> None:
        """Stop those that are not ready."""
        at = database_now()
        stopped = [cancel_export(export=export, at=at) for export in queryset.filter(status__in=UNFINISHED)]
        text = ngettext("%(count)d export was cancelled.", "%(count)d exports were cancelled.", len(stopped))
        messages.success(request, text % {"count": len(stopped)})

    @display(description=_("rows"), header=True, ordering="kind")
    def rows(self, export: Export) -> tuple[str, str]:
        """What it holds, above the format."""
        return export.get_kind_display(), export.get_format_display()

    @display(description=_("filters"))
    def shown_filters(self, export: Export) -> str:
        """The filters in words."""
        return described_filters(export.kind, export.filters) or str(_("all data you may see"))

    @display(description=_("status"), ordering="status", label=_COLOURS)
    def shown_status(self, export: Export) -> tuple[str, Any]:
        """The export's status, as a label."""
        return export.status, export.get_status_display()

    @display(description=_("progress"))
    def progress(self, export: Export) -> SafeString | str:
        """How many rows are written; what went wrong where it failed."""
        if export.error:
            return export.error
        if not export.is_unfinished:
            return ngettext("%(count)s row", "%(count)s rows", export.rows_done) % {
                "count": f"{export.rows_done:,}"
            }
        if export.rows_total is None:
            return format_html('<progress data-running aria-label="{}"></progress>', _("progress"))
        shown = f"{export.rows_done:,} / {export.rows_total:,}"
        return format_html(
            '<progress data-running max="{}" value="{}" aria-label="{}"></progress> {}',
            export.rows_total,
            export.rows_done,
            _("progress"),
            shown,
        )

    @display(description=_("file"))
    def file(self, export: Any) -> SafeString | str:
        """The link to the file while it is kept."""
        if export.status != ExportStatus.DONE:
            return "–"
        if not export.is_kept:
            return str(_("removed after seven days"))
        address = reverse("admin:dashboards_export_download", args=[export.pk])
        return format_html('<a class="export-file" href="{}">{}</a>', address, _("Download"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show one export with its progress, its file or the way to stop it."""
        export = self.get_object(request, object_id)
        shown = (
            {}
            if export is None
            else {"export": export, "is_unfinished": export.is_unfinished, "is_kept": export.is_kept}
        )
        if export is not None:
            shown["progress"] = self.progress(export)
        return super().change_view(
            request, object_id, form_url, {"show_history": False, **shown, **(extra_context or {})}
        )

    def _start(self, request: HttpRequest, form: ExportRequestForm) -> bool:
        try:
            request_export(
                kind=form.kind,
                format=ExportFormat(form.cleaned_data["format"]),
                filters=form.filters(),
                language=reader_language().value,
                by=staff_of(request),
                at=database_now(),
            )
        except DomainError as error:
            messages.error(request, str(error.message))
            return False
        messages.success(
            request, _("The export has been asked for. This page shows how far it is; you can go on working.")
        )
        return True

    def _export(self, request: HttpRequest, object_id: str) -> Export:
        """Return the reader's export; another person's does not exist for them."""
        export: Export = self.row_or_404(request, object_id)
        if not self.has_view_permission(request, export):
            raise PermissionDenied
        return export
