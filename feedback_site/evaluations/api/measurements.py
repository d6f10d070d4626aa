"""`POST /api/v1/measurements/`: one figure, or a list, that call centre, spot checks or CRM measure."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from types import SimpleNamespace
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from feedback_site.accounts.api.views import ScopedViewSet
from feedback_site.accounts.enums import Grant
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.evaluations.enums import MeasurementSource, PeriodKind, StatedBy
from feedback_site.evaluations.models import Indicator, Measurement, code_of_subject
from feedback_site.evaluations.rules import Subject
from feedback_site.evaluations.services import Stated, Statement, Teller, state_measurements
from feedback_site.service_events.api.fields import ReferenceField, StrictSerializer
from feedback_site.service_events.api.idempotency import honouring_idempotency_key, principal_of
from feedback_site.service_events.api.parsers import BoundedJSONParser
from feedback_site.service_events.api.views import IDEMPOTENCY_KEY
from feedback_site.service_events.selectors.events import load_references

MOST_PER_REQUEST = 500
TEAM = "team"
EXAMPLE = {
    "indicator": "phone_answer_rate",
    "subject_kind": TEAM,
    "subject": "east-1",
    "period_kind": "month",
    "period_start": "2026-11-01",
    "value": "93.5",
    "n": 412,
    "source": "call_centre",
}
_NUMBER: dict[str, Any] = {"max_digits": 12, "decimal_places": 4}


class MeasurementInput(StrictSerializer):
    """One figure. Its natural key is indicator, subject kind, subject, period kind and period start."""

    indicator = ReferenceField(
        table="indicators", help_text="Slug of an indicator that is not measured here."
    )
    subject_kind = serializers.ChoiceField(choices=[TEAM], default=TEAM)
    subject = ReferenceField(table="teams", help_text="Code of a team within the key's scope.")
    period_kind = serializers.ChoiceField(choices=PeriodKind.choices)
    period_start = serializers.DateField(help_text="The first day of the month, quarter or year.")
    value = serializers.DecimalField(
        **_NUMBER, allow_null=True, help_text="In the indicator's unit; a rate as 0-100. Null without cases."
    )
    n = serializers.IntegerField(
        min_value=0, max_value=2_000_000_000, help_text="Cases that the value rests on."
    )
    low = serializers.DecimalField(
        **_NUMBER, required=False, allow_null=True, help_text="95 % interval from."
    )
    high = serializers.DecimalField(**_NUMBER, required=False, allow_null=True, help_text="95 % interval to.")
    source = serializers.ChoiceField(
        choices=MeasurementSource.choices, required=False, help_text="Where the indicator comes from."
    )  # type: ignore[assignment]  # DRF takes declared fields off the class

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a figure from elsewhere than its indicator comes from."""
        indicator: Indicator = attrs["indicator"]
        if attrs.get("source", indicator.source) != indicator.source:
            raise serializers.ValidationError(
                {"source": [_("This indicator comes from: %(source)s") % {"source": indicator.source}]}
            )
        return attrs

    def parse(self, data: Any) -> Statement:
        """Return what was sent. Raises ValidationError naming every wrong field."""
        said = self.run_validation(data)
        return Statement(
            indicator=said["indicator"],
            subject=Subject.team(said["subject"].pk),
            period_kind=said["period_kind"],
            period_start=said["period_start"],
            value=said["value"],
            n=said["n"],
            low=said.get("low"),
            high=said.get("high"),
        )


class MeasurementOutput(serializers.Serializer[Any]):
    """The figure on record.

    It is `new`, `repeated` (the same again), or `revised` (another value, the earlier one kept).
    """

    indicator = serializers.SlugField()
    subject_kind = serializers.CharField()
    subject = serializers.SlugField()
    period_kind = serializers.CharField()
    period_start = serializers.DateField()
    value = serializers.DecimalField(**_NUMBER, allow_null=True)
    n = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]  # DRF takes declared fields off the class
    outcome = serializers.ChoiceField(choices=["new", "repeated", "revised"])
    revision = serializers.IntegerField()


class MeasurementResult(serializers.Serializer[Any]):
    """What became of one item of a list: the figure on record, or why it was not taken."""

    index = serializers.IntegerField()
    status = serializers.ChoiceField(choices=[200, 201, 400])
    measurement = MeasurementOutput(required=False)
    message = serializers.CharField(required=False)
    extra = serializers.DictField(required=False)


class MeasurementResults(serializers.Serializer[Any]):
    """One result per item, in their order."""

    results = MeasurementResult(many=True)


class MeasurementViewSet(ScopedViewSet):
    """Figures of other systems."""

    queryset = Measurement.objects.all()
    serializer_class = MeasurementOutput
    parser_classes = [BoundedJSONParser]
    required_grants: ClassVar[dict[str, Grant]] = {"POST": Grant.MEASUREMENTS_WRITE}

    @extend_schema(
        request=PolymorphicProxySerializer(
            component_name="MeasurementOneOrMany",
            serializers=[MeasurementInput, MeasurementInput(many=True)],
            resource_type_field_name=None,
            many=False,
        ),
        parameters=[IDEMPOTENCY_KEY],
        examples=[OpenApiExample("phone answer rate", value=EXAMPLE, request_only=True)],
        responses={201: MeasurementOutput, 200: MeasurementOutput, 207: MeasurementResults},
    )
    def create(self, request: Request) -> Response:
        """State one figure (201 new, 200 repeated or revised), or each valid one of a list (207).

        What the site measures itself is refused. Figures are pooled up
        the tree by their cases; a team's own figure is never replaced.
        """
        at = database_now()
        data = request.data
        work = (
            partial(self._state_many, data, at)
            if isinstance(data, list)
            else partial(self._state_one, data, at)
        )
        return honouring_idempotency_key(request, work, at=at)

    def _state_one(self, data: Any, at: datetime) -> Response:
        statement = self._input(at).parse(data)
        (result,) = self._state([statement], at)
        if isinstance(result, DomainError):
            raise result
        code = status.HTTP_201_CREATED if result.is_new else status.HTTP_200_OK
        return Response(_shown(statement, result), status=code)

    def _state_many(self, data: Sequence[Any], at: datetime) -> Response:
        if not 0 < len(data) <= MOST_PER_REQUEST:
            raise ValidationError(
                [_("Send between 1 and %(most)d measurements.") % {"most": MOST_PER_REQUEST}]
            )
        reader = self._input(at)
        results: dict[int, dict[str, Any]] = {}
        valid: dict[int, Statement] = {}
        for index, item in enumerate(data):
            try:
                valid[index] = reader.parse(item)
            except ValidationError as error:
                results[index] = {
                    "status": 400,
                    "message": _("Some fields are wrong."),
                    "extra": {"fields": error.detail},
                }
        for (index, statement), result in zip(
            valid.items(), self._state(list(valid.values()), at), strict=True
        ):
            if isinstance(result, DomainError):
                results[index] = {"status": 400, "message": str(result.message), "extra": dict(result.extra)}
            else:
                results[index] = {
                    "status": 201 if result.is_new else 200,
                    "measurement": _shown(statement, result),
                }
        listed = [{"index": index, **results[index]} for index in sorted(results)]
        return Response({"results": listed}, status=status.HTTP_207_MULTI_STATUS)

    def _state(self, statements: list[Statement], at: datetime) -> list[Stated | DomainError]:
        return state_measurements(
            statements=statements, by=Teller(StatedBy.API, api_key=principal_of(self.request)), at=at
        )

    def _input(self, at: datetime) -> MeasurementInput:
        tables = vars(load_references(principal=principal_of(self.request)))
        indicators = {indicator.slug: indicator for indicator in Indicator.objects.all()}
        return MeasurementInput(
            context={"at": at, "references": SimpleNamespace(**tables, indicators=indicators)}
        )


def _shown(statement: Statement, result: Stated) -> dict[str, Any]:
    row = result.measurement
    outcome = "new" if result.is_new else "revised" if result.is_revised else "repeated"
    facts = {
        "indicator": statement.indicator.slug,
        "subject_kind": row.subject_kind,
        "subject": code_of_subject(row),
        "outcome": outcome,
    }
    figures = {name: getattr(row, name) for name in ("period_kind", "period_start", "value", "n", "source")}
    return dict(MeasurementOutput({**facts, **figures, "revision": result.revision}).data)
