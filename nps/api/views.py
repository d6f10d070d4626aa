"""`/api/v1/nps/campaigns/` and `/api/v1/metrics/nps/`: the numbers of the staff pages.

Both use the same selectors.
"""

from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from feedback_site.accounts.api.views import ScopedViewSet
from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import ApiKey
from nps.api.queries import CampaignQuery, ScoreQuery, read_query
from nps.api.serializers import (
    CampaignDetail,
    CampaignOutput,
    CampaignScoreOutput,
    ScoresOutput,
    SurveyScoreOutput,
)
from nps.enums import LAUNCHED
from nps.models import Campaign
from nps.selectors.results import campaign_result
from nps.selectors.scores import standings_of, survey_score

_CELLS = ("channel", "kind", "segment")


class CampaignViewSet(ScopedViewSet):
    """Campaigns: frame, progress and result."""

    queryset = Campaign.objects.select_related("programme", "team", "version")
    serializer_class = CampaignOutput
    required_grants: ClassVar[dict[str, Grant]] = {"GET": Grant.METRICS_READ}
    lookup_value_regex = "[0-9a-fA-F-]{36}"

    @extend_schema(parameters=[CampaignQuery], responses=CampaignOutput(many=True))
    def list(self, request: Request) -> Response:
        """List campaigns, newest first."""
        query = read_query(CampaignQuery, request, _key(request))
        page = self.paginate_queryset(_filtered(self.get_queryset(), query)) or []
        return self.get_paginated_response(
            CampaignOutput(page, many=True, context={"standings": standings_of(page)}).data
        )

    @extend_schema(responses=CampaignDetail)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Show one campaign with its strata, exclusions, waves and result."""
        campaign = self.get_object()
        return Response(CampaignDetail(campaign, context={"standings": standings_of([campaign])}).data)


class NetPromoterScoreViewSet(ViewSet):
    """Net Promoter Scores."""

    required_grants: ClassVar[dict[str, Grant]] = {"GET": Grant.METRICS_READ}

    @extend_schema(parameters=[ScoreQuery], responses=ScoresOutput)
    def list(self, request: Request) -> Response:
        """Return the score of the campaigns asked for, or with `survey` of its answers.

        Without a filter: of the latest campaign of each programme.
        """
        key = _key(request)
        query = read_query(ScoreQuery, request, key)
        if "survey" in query:
            return Response({"campaigns": [], "surveys": [SurveyScoreOutput(_survey_score(query, key)).data]})
        scores = [CampaignScoreOutput(_campaign_score(campaign)).data for campaign in _asked_for(query, key)]
        return Response({"campaigns": scores, "surveys": []})


def _key(request: Request) -> ApiKey:
    return cast("ApiKey", request.user)


def _filtered(campaigns: QuerySet[Campaign], query: dict[str, Any]) -> QuerySet[Campaign]:
    lookups = {
        "programme": "programme",
        "quarter": "quarter_start",
        "status": "status",
        "updated_since": "updated_at__gte",
        "campaign": "pk",
    }
    return campaigns.filter(**{lookups[name]: value for name, value in query.items()})


def _asked_for(query: dict[str, Any], key: ApiKey) -> Iterable[Campaign]:
    """Return the launched campaigns that the filters name.

    Without quarter and campaign: the latest of each programme.
    """
    launched = Campaign.objects.for_user(key).filter(status__in=LAUNCHED).select_related("programme")
    found = _filtered(launched, query).order_by("programme_id", "-quarter_start")
    return found if query.keys() & {"quarter", "campaign"} else found.distinct("programme_id")


def _campaign_score(campaign: Campaign) -> dict[str, Any]:
    result = campaign_result(campaign)
    figures = {one.name: getattr(result, one.name) for one in fields(result)}
    about = {
        "campaign": campaign.pk,
        "programme": campaign.programme.slug,
        "quarter": campaign.quarter_start,
        "status": campaign.status,
    }
    return {**figures, **about}


def _survey_score(query: dict[str, Any], key: ApiKey) -> dict[str, Any]:
    score = survey_score(
        survey=query["survey"],
        principal=key,
        from_on=query.get("from"),
        to_on=query.get("to"),
        team_id=query["team"].pk if "team" in query else None,
        **{f"{name}_id": query[name].pk for name in _CELLS if name in query},
    )
    return {"survey": query["survey"].slug, **asdict(score)}
