"""`/api/v1/evaluations/`: evaluation records as systems read them."""

from typing import Any, ClassVar, cast

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from feedback_site.accounts.api.views import ScopedViewSet
from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import ApiKey, team_subtree
from feedback_site.common.clock import database_now
from feedback_site.evaluations.api.serializers import EvaluationOutput, EvaluationQuery
from feedback_site.evaluations.models import EvaluationRecord
from feedback_site.evaluations.selectors.records import record_sheets
from feedback_site.service_events.selectors import load_references

_PAGING = {"cursor", "page_size", "format"}
_EXACT = {"scheme": "scheme__slug", "period_kind": "period_kind", "status": "status"}
_STEPS = ("calculated_at", "reviewed_at", "published_at")


class EvaluationViewSet(ScopedViewSet):
    """Evaluation records with their lines, as their pages show them."""

    queryset = EvaluationRecord.objects.select_related("scheme", "team")
    serializer_class = EvaluationOutput
    required_grants: ClassVar[dict[str, Grant]] = {"GET": Grant.METRICS_READ}
    lookup_value_regex = "[0-9a-fA-F-]{36}"

    @extend_schema(parameters=[EvaluationQuery], responses=EvaluationOutput(many=True))
    def list(self, request: Request) -> Response:
        """List records, the ones made last first."""
        references = load_references(principal=cast("ApiKey", request.user))
        query = EvaluationQuery(data=_filters_of(request), context={"at": database_now(), "references": references})
        query.is_valid(raise_exception=True)
        page = self.paginate_queryset(_filtered(self.get_queryset(), query.validated_data)) or []
        return self.get_paginated_response(EvaluationOutput(record_sheets(records=page), many=True).data)

    @extend_schema(responses=EvaluationOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one record."""
        return Response(EvaluationOutput(record_sheets(records=[self.get_object()])[0]).data)


def _filters_of(request: Request) -> dict[str, str]:
    # An offset's plus sign that was not quoted arrives as a space; no time holds one elsewhere.
    return {name: value.replace(" ", "+") for name, value in request.query_params.dict().items() if name not in _PAGING}


def _filtered(records: QuerySet[EvaluationRecord], query: dict[str, Any]) -> QuerySet[EvaluationRecord]:
    if "team" in query:
        records = records.filter(team_id__in=team_subtree(query["team"].pk))
    if "period" in query:
        kind, start = query["period"]
        records = records.filter(period_kind=kind, period_start=start)
    if "updated_since" in query:
        since = Q()
        for step in _STEPS:
            since |= Q(**{f"{step}__gte": query["updated_since"]})
        records = records.filter(since)
    return records.filter(**{lookup: query[name] for name, lookup in _EXACT.items() if name in query})
