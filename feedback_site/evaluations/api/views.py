"""`/api/v1/evaluations/`: evaluation records as systems read them."""

from types import SimpleNamespace
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
from feedback_site.evaluations.models import EvaluationRecord, EvaluationScheme
from feedback_site.evaluations.selectors.records import record_sheets
from feedback_site.service_events.api.filters import read_filters
from feedback_site.service_events.selectors.events import load_references

_EXACT = {
    "scheme": "scheme",
    "subject_kind": "subject_kind",
    "agent": "agent__code",
    "channel": "channel",
    "kind": "kind",
    "period_kind": "period_kind",
    "status": "status",
}
_STEPS = ("calculated_at", "reviewed_at", "published_at")


class EvaluationViewSet(ScopedViewSet):
    """Evaluation records with their lines, as their pages show them."""

    queryset = EvaluationRecord.objects.select_related("scheme", "team", "agent", "channel", "kind")
    serializer_class = EvaluationOutput
    required_grants: ClassVar[dict[str, Grant]] = {"GET": Grant.METRICS_READ}
    lookup_value_regex = "[0-9a-fA-F-]{36}"

    @extend_schema(parameters=[EvaluationQuery], responses=EvaluationOutput(many=True))
    def list(self, request: Request) -> Response:
        """List records, the ones made last first."""
        schemes = {scheme.slug: scheme for scheme in EvaluationScheme.objects.all()}
        references = SimpleNamespace(
            **vars(load_references(principal=cast("ApiKey", request.user))), schemes=schemes
        )
        query = read_filters(EvaluationQuery, request, references=references, at=database_now())
        page = self.paginate_queryset(_filtered(self.get_queryset(), query)) or []
        return self.get_paginated_response(EvaluationOutput(record_sheets(records=page), many=True).data)

    @extend_schema(responses=EvaluationOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one record."""
        return Response(EvaluationOutput(record_sheets(records=[self.get_object()])[0]).data)


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
