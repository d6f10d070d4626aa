"""`/api/v1/exports/`: ask, poll, download."""

from typing import Any, ClassVar

from django.db.models import Q
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from feedback_site.accounts.api.views import ScopedViewSet
from feedback_site.accounts.enums import Grant
from feedback_site.common.clock import database_now
from feedback_site.common.languages import Language
from feedback_site.dashboards.enums import ExportFormat, ExportKind, ExportStatus
from feedback_site.dashboards.models import Export
from feedback_site.dashboards.services.exporting import cancel_export, open_export, request_export
from feedback_site.service_events.api.fields import StrictSerializer
from feedback_site.service_events.api.filters import DayOrMomentField, ListFilters, read_filters
from feedback_site.service_events.api.idempotency import principal_of


class ExportInput(StrictSerializer):
    """What to export: values are codes and slugs, days are ISO 8601.

    Which filters a kind has is told by the error that an unknown one gets.
    """

    kind = serializers.ChoiceField(choices=ExportKind.choices)
    format = serializers.ChoiceField(choices=ExportFormat.choices, default=ExportFormat.CSV)
    filters = serializers.DictField(child=serializers.CharField(max_length=80), default=dict)
    language = serializers.ChoiceField(choices=Language.choices, default=Language.ENGLISH)


class ExportQuery(ListFilters):
    """Filters of the list."""

    updated_since = DayOrMomentField(
        required=False,
        help_text="Exports asked for, started or ended at or after this moment, or on this day or later.",
    )


class ExportLinks(serializers.Serializer[Any]):
    """Where to poll and, once ready, where the file is."""

    self = serializers.CharField()
    download = serializers.CharField(allow_null=True)


class ExportOutput(serializers.ModelSerializer[Export]):
    """One export. `status` is queued, running, done, failed or cancelled; `error` says why it failed."""

    links = serializers.SerializerMethodField()

    class Meta:
        model = Export
        fields = (
            "id",
            "kind",
            "format",
            "filters",
            "language",
            "status",
            "rows_total",
            "rows_done",
            "size",
            "error",
            "queued_at",
            "started_at",
            "finished_at",
            "expires_at",
            "links",
        )
        read_only_fields = fields

    def get_links(self, export: Export) -> ExportLinks:
        """Return the addresses; no file, no link."""
        is_ready = export.status == ExportStatus.DONE and bool(export.file_name)
        links: Any = {
            "self": reverse("export-detail", args=[export.pk]),
            "download": reverse("export-download", args=[export.pk]) if is_ready else None,
        }
        return links


class ExportViewSet(ScopedViewSet):
    """The exports that the calling key asked for.

    Rows also need the grant that reads them, such as `responses:read`.
    """

    queryset = Export.objects.all()
    serializer_class = ExportOutput
    required_grants: ClassVar[dict[str, Grant]] = {
        "GET": Grant.EXPORTS_WRITE,
        "POST": Grant.EXPORTS_WRITE,
        "DELETE": Grant.EXPORTS_WRITE,
    }
    lookup_value_regex = "[0-9a-fA-F-]{36}"

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:  # noqa: FBT001, FBT002 - DRF's signature
        """Answer in JSON instead of the file, for every type that the caller accepts.

        The file has a type of its own.
        """
        return super().perform_content_negotiation(request, force=force or self.action == "download")

    @extend_schema(parameters=[ExportQuery], responses=ExportOutput(many=True))
    def list(self, request: Request) -> Response:
        """List exports, newest first."""
        query = read_filters(ExportQuery, request, at=database_now())
        exports = self.get_queryset()
        if since := query.get("updated_since"):
            exports = exports.filter(
                Q(queued_at__gte=since) | Q(started_at__gte=since) | Q(finished_at__gte=since)
            )
        page = self.paginate_queryset(exports) or []
        return self.get_paginated_response(ExportOutput(page, many=True).data)

    @extend_schema(
        request=ExportInput,
        responses={
            202: ExportOutput,
            400: OpenApiResponse(description="Wrong fields, or nothing to export."),
        },
    )
    def create(self, request: Request) -> Response:
        """Ask for an export of what the key may see; poll `links.self` until it is done."""
        serializer = ExportInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        asked = serializer.validated_data
        export = request_export(
            kind=ExportKind(asked["kind"]),
            format=ExportFormat(asked["format"]),
            filters=asked["filters"],
            language=asked["language"],
            by=principal_of(request),
            at=database_now(),
        )
        return Response(ExportOutput(export).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses=ExportOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Show how far an export is."""
        return Response(ExportOutput(self.get_object()).data)

    @extend_schema(responses={200: ExportOutput, 409: OpenApiResponse(description="It has ended already.")})
    def destroy(self, request: Request, pk: str) -> Response:
        """Cancel an export that is not ready."""
        return Response(ExportOutput(cancel_export(export=self.get_object(), at=database_now())).data)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "Accept", str, OpenApiParameter.HEADER, description="Any; the file has its own type."
            )
        ],
        responses={
            (200, "text/csv"): OpenApiTypes.BINARY,
            (200, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"): OpenApiTypes.BINARY,
            409: OpenApiResponse(description="Not ready."),
            410: OpenApiResponse(description="Removed after seven days."),
        },
    )
    @action(detail=True, methods=["get"])
    def download(self, request: Request, pk: str) -> FileResponse:
        """Hand the file over, on record."""
        file = open_export(export=self.get_object(), by=principal_of(request), at=database_now())
        return FileResponse(
            file.path.open("rb"), as_attachment=True, filename=file.name, content_type=file.content_type
        )
