"""`/api/v1/visits/`: return visits as systems read them."""

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from feedback_site.accounts.api.views import ScopedViewSet
from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import ApiKey, team_subtree
from feedback_site.common.clock import database_now
from feedback_site.service_events.api.filters import read_filters
from feedback_site.service_events.selectors.events import load_references
from visits.api.serializers import VisitOutput, VisitQuery
from visits.models import ReturnVisit

_EXACT = ("trigger", "status", "outcome")
_RANGES = {"due_from": "due_at__gte", "due_until": "due_at__lt", "updated_since": "updated_at__gte"}


class ReturnVisitViewSet(RetrieveModelMixin, ScopedViewSet):
    """Return visits with their attempts and escalation."""

    queryset = ReturnVisit.objects.select_related(
        "plan", "team", "credited_team", "agent", "escalation"
    ).prefetch_related("attempts")
    serializer_class = VisitOutput
    required_grants: ClassVar[dict[str, Grant]] = {"GET": Grant.VISITS_READ}
    lookup_value_regex = "[0-9a-fA-F-]{36}"

    @extend_schema(parameters=[VisitQuery], responses=VisitOutput(many=True))
    def list(self, request: Request) -> Response:
        """List visits, newest first."""
        references = load_references(principal=cast("ApiKey", request.user))
        query = read_filters(VisitQuery, request, references=references, at=database_now())
        page = self.paginate_queryset(_filtered(self.get_queryset(), query))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def _filtered(visits: QuerySet[ReturnVisit], query: dict[str, Any]) -> QuerySet[ReturnVisit]:
    if "team" in query:
        visits = visits.filter(team_id__in=team_subtree(query["team"].pk))
    exact = {name: query[name] for name in _EXACT if name in query}
    ranges = {lookup: query[name] for name, lookup in _RANGES.items() if name in query}
    return visits.filter(**exact, **ranges)
