"""Export of a list as it stands: its rows, within the reader's scope, on record."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from import_export.admin import ExportMixin
from unfold.contrib.import_export.forms import ExportForm

from feedback_site.accounts.admin.list_parameters import WrongParametersError
from feedback_site.accounts.enums import AccountAccess
from feedback_site.accounts.services import record_access
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.resources import CsvFormat, ExportResource, XlsxFormat

EXPORTING = "dashboards.add_export"
# More would keep a web process busy for long; the background has no limit.
MOST_ROWS = 5000
_BACKGROUND_FORM = "admin:dashboards_export_add"
# Searches may hold a customer's number or worse: that something was searched for is enough.
_NOT_ON_RECORD = {"q", "p", "o", "e"}


class ListExportForm(ExportForm):
    """Asks for the format."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].initial = "1"
        self.fields["format"].label = _("Format")


class ScopedExportMixin(ExportMixin):
    """Stands before a `ScopedModelAdmin` that names one `ExportResource` in `resource_classes`."""

    resource_classes: ClassVar[list[type[ExportResource]]] = []
    export_form_class = ListExportForm
    export_template_name = "dashboards/exports/list_export.html"

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Return whether the reader may take these rows away."""
        return bool(request.user.has_perm(EXPORTING) and self.has_view_permission(request))

    def get_export_formats(self) -> list[Any]:
        """Offer formats that no spreadsheet program calculates."""
        return [CsvFormat, XlsxFormat]

    def get_export_filename(self, request: HttpRequest, queryset: QuerySet[Any], file_format: Any) -> str:
        """Name the file after its rows and the day."""
        del request, queryset
        return f"{self._resource_class.export_kind}-{database_now():%Y-%m-%d}.{file_format.get_extension()}"

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """Ask for the format, then hand over the file.

        Says so where there is nothing to export, or too much for one request.
        """
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_export_queryset(request).count()
        except WrongParametersError:  # the list names them; a file of other rows than asked for would not
            return HttpResponseRedirect(f"{self._list_address()}?{request.GET.urlencode()}")
        if not rows:
            messages.warning(request, _("There is nothing to export: no row matches these filters."))
            return HttpResponseRedirect(f"{self._list_address()}?{request.GET.urlencode()}")
        request._rows_to_export = rows  # type: ignore[attr-defined]  # noqa: SLF001 - counted once a request
        if rows > MOST_ROWS:
            return TemplateResponse(
                request, self.export_template_name, self.init_request_context_data(request, None)
            )
        response: HttpResponse = super().export_action(request)
        return response

    def get_export_data(
        self, file_format: Any, request: HttpRequest, queryset: QuerySet[Any], **_kwargs: Any
    ) -> bytes:
        """Return the file, and write down who took what.

        Both happen in one transaction, so that no file leaves off the record.
        """
        resource = self._resource_class.for_rows(queryset)
        with transaction.atomic():
            dataset = resource.export(queryset=queryset[:MOST_ROWS])
            self._record(request, file_format, rows=len(dataset))
        data: bytes = file_format.export_data(dataset)
        return data

    def init_request_context_data(self, request: HttpRequest, form: forms.Form | None) -> dict[str, Any]:
        """Say what the file will hold, and where larger ones are made."""
        context: dict[str, Any] = super().init_request_context_data(request, form)
        rows = getattr(request, "_rows_to_export", 0)
        return {
            **context,
            "title": _("Export: %(rows)s") % {"rows": self.opts.verbose_name_plural},
            "rows": rows,
            "most_rows": MOST_ROWS,
            "is_too_much": rows > MOST_ROWS,
            "headings": self._resource_class().headings(),
            "background_address": self._background_address(request),
            "list_address": f"{self._list_address()}?{request.GET.urlencode()}",
        }

    @property
    def _resource_class(self) -> type[ExportResource]:
        (resource,) = self.resource_classes
        return resource

    def _record(self, request: HttpRequest, file_format: Any, *, rows: int) -> None:
        filters = {name: values for name, values in request.GET.lists() if name not in _NOT_ON_RECORD}
        user = staff_of(request)
        record_access(
            actor=user,
            action=AccountAccess.EXPORTED,
            subject_kind=self._resource_class.export_kind,
            team_id=user.scope_team_id,
            details={
                "rows": rows,
                "format": file_format.get_extension(),
                "filters": filters,
                "is_searched": bool(request.GET.get("q")),
            },
            at=database_now(),
        )

    def _list_address(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _background_address(self, request: HttpRequest) -> str:
        """Return the form of background exports with those of the list's filters that it knows."""
        resource = self._resource_class
        known = {
            name: request.GET[parameter]
            for parameter, name in resource.list_filters.items()
            if request.GET.get(parameter)
        }
        try:
            return f"{reverse(_BACKGROUND_FORM)}?{urlencode({'rows': resource.export_kind, **known})}"
        except NoReverseMatch:  # a site without background exports
            return ""
