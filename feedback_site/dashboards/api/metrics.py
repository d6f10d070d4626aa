"""`/api/v1/metrics/`: the figures of the dashboards, from the same selectors and with the same filters."""

from typing import Any, ClassVar, cast

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import ApiKey
from feedback_site.common.api_errors import UnknownParametersError
from feedback_site.common.clock import database_now
from feedback_site.dashboards.api.figures import (
    RepresentativenessOutput,
    ResponseRateOutput,
    SatisfactionOutput,
)
from feedback_site.dashboards.enums import Breakdown, PeriodPreset
from feedback_site.dashboards.forms import FigureForm
from feedback_site.dashboards.selectors import (
    load_choices,
    representativeness,
    response_funnel,
    satisfaction_figures,
)
from feedback_site.service_events.api.filters import parameters_of

_FORMAT = "format"
_BY = OpenApiParameter(
    "by",
    OpenApiTypes.STR,
    enum=Breakdown.values,
    description="What the figures are taken apart by; default: team.",
)
_FILTERS = [
    OpenApiParameter(
        "period",
        OpenApiTypes.STR,
        enum=PeriodPreset.values,
        description="Default: this_month, or custom with `from`.",
    ),
    OpenApiParameter("from", OpenApiTypes.DATE, description="First day, local to each team."),
    OpenApiParameter(
        "to", OpenApiTypes.DATE, description="Last day, included; default: today. At most 366 days."
    ),
    OpenApiParameter("survey", OpenApiTypes.STR, description="Slug of a survey rule."),
    OpenApiParameter("channel", OpenApiTypes.STR, description="Slug of a service channel."),
    OpenApiParameter("team", OpenApiTypes.STR, description="Code of a team; the teams below it count too."),
    OpenApiParameter("kind", OpenApiTypes.STR, description="Slug of a kind of service."),
    OpenApiParameter("segment", OpenApiTypes.STR, description="Slug of a customer segment."),
]


class MetricViewSet(ViewSet):
    """The base: figures within the scope of the calling key.

    Unknown and wrong filters are refused by name.
    """

    required_grants: ClassVar[dict[str, Grant]] = {"GET": Grant.METRICS_READ}
    takes_apart = True

    @property
    def key(self) -> ApiKey:
        """The calling key."""
        return cast("ApiKey", self.request.user)

    def read(self, request: Request) -> FigureForm:
        """Return the filters, or refuse them."""
        known = [
            "from",
            "to",
            "period",
            "team",
            "survey",
            "channel",
            "kind",
            "segment",
            *(["by"] if self.takes_apart else []),
            _FORMAT,
        ]
        data = parameters_of(request, known=sorted(known))
        form = FigureForm(data, choices=load_choices(user=self.key), today=timezone.localdate(database_now()))
        unknown = {name: [_("Unknown field.")] for name in data if name not in known}
        wrong: dict[str, Any] = {name: list(errors) for name, errors in form.errors.items()}
        if wrong or unknown:
            raise UnknownParametersError({**wrong, **unknown}, unknown=list(unknown), known=sorted(known))
        return form


class ResponseRateViewSet(MetricViewSet):
    """Who was asked and who answered."""

    @extend_schema(parameters=[*_FILTERS, _BY], responses=ResponseRateOutput)
    def list(self, request: Request) -> Response:
        """Return the funnel from the completed event to the answer, rates (AAPOR RR1), groups and weeks."""
        form = self.read(request)
        return Response(
            ResponseRateOutput(
                response_funnel(form.figure_filter, self.key, by=form.by, choices=form.choices)
            ).data
        )


class RepresentativenessViewSet(MetricViewSet):
    """Whether those who answered look like those who were served."""

    takes_apart = False

    @extend_schema(parameters=_FILTERS, responses=RepresentativenessOutput)
    def list(self, request: Request) -> Response:
        """Compare customers heard with customers served, and answer the criteria."""
        form = self.read(request)
        return Response(
            RepresentativenessOutput(
                representativeness(form.figure_filter, self.key, choices=form.choices)
            ).data
        )


class SatisfactionViewSet(MetricViewSet):
    """How customers rated."""

    @extend_schema(parameters=[*_FILTERS, _BY], responses=SatisfactionOutput)
    def list(self, request: Request) -> Response:
        """Return mean rating and satisfied share, mean effort and easy share, with their intervals."""
        form = self.read(request)
        return Response(
            SatisfactionOutput(
                satisfaction_figures(form.figure_filter, self.key, by=form.by, choices=form.choices)
            ).data
        )
