"""`POST /api/v1/measurements/`: one figure, or a list, that call centre, spot checks or CRM measure."""

from collections.abc import Mapping, Sequence
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
from feedback_site.evaluations.enums import MeasurementSource, PeriodKind, StatedBy, SubjectKind
from feedback_site.evaluations.models import Indicator, Measurement
from feedback_site.evaluations.selectors.subjects import NamedSubject, known_subjects, subject_named
from feedback_site.evaluations.services import Stated, Statement, Teller, state_measurements
from feedback_site.service_events.api.fields import ReferenceField, StrictSerializer
from feedback_site.service_events.api.idempotency import honouring_idempotency_key, principal_of
from feedback_site.service_events.api.parsers import BoundedJSONParser
from feedback_site.service_events.api.views import IDEMPOTENCY_KEY

MOST_PER_REQUEST = 500
EXAMPLE = {
    "indicator": "phone_answer_rate",
    "subject_kind": "team",
    "subject": "east-1",
    "period_kind": "month",
    "period_start": "2026-11-01",
    "value": "93.5",
    "n": 412,
    "source": "call_centre",
}
_NUMBER: dict[str, Any] = {"max_digits": 12, "decimal_places": 4}


class MeasurementInput(StrictSerializer):
    """One figure. Its natural key is indicator, subject kind, subject, team, period kind and period start."""

    indicator = ReferenceField(
        table="indicators", help_text="Slug of an indicator that is not measured here."
    )
    subject_kind = serializers.ChoiceField(choices=SubjectKind.choices, default=SubjectKind.TEAM)
    subject = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=40,
        help_text=(
            "Code of a team, staff number of an agent, slug of a channel or service type; empty for the "
            "whole company."
        ),
    )
    team = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=40,
        help_text=(
            "Code of the team within which an agent, a channel or a service type was measured. Without it a "
            "channel or a service type is meant as the whole company has it, which only a key of all teams "
            "may state."
        ),
    )
    subject_source = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=40,
        help_text="The system that knows an agent by this staff number, where several use it.",
    )
    period_kind = serializers.ChoiceField(choices=PeriodKind.choices)
    period_start = serializers.DateField(
        help_text="The first day of the period: of a week its Monday, of a half-year 1 January or 1 July."
    )
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
        """Refuse a figure from elsewhere than its indicator comes from, or of a subject that is not known."""
        indicator: Indicator = attrs["indicator"]
        if attrs.get("source", indicator.source) != indicator.source:
            raise serializers.ValidationError(
                {"source": [_("This indicator comes from: %(source)s") % {"source": indicator.source}]}
            )
        named = NamedSubject(*(attrs[name] for name in ("subject_kind", "subject", "team", "subject_source")))
        try:
            subject = subject_named(named, self.context["subjects"])
        except DomainError as error:
            raise serializers.ValidationError({error.extra["field"]: [str(error.message)]}) from error
        return {**attrs, "named": named, "about": subject}

    def parse(self, data: Any) -> tuple[Statement, NamedSubject]:
        """Return what was sent, and its subject as it was named.

        Raises ValidationError naming every wrong field.
        """
        said = self.run_validation(data)
        statement = Statement(
            indicator=said["indicator"],
            subject=said["about"],
            period_kind=said["period_kind"],
            period_start=said["period_start"],
            value=said["value"],
            n=said["n"],
            low=said.get("low"),
            high=said.get("high"),
        )
        return statement, said["named"]


class MeasurementOutput(serializers.Serializer[Any]):
    """The figure on record.

    It is `new`, `repeated` (the same again), or `revised` (another value, the earlier one kept).
    """

    indicator = serializers.SlugField()
    subject_kind = serializers.CharField()
    subject = serializers.CharField()
    team = serializers.CharField(help_text="The team within which it was measured; of a team it is empty.")
    subject_source = serializers.CharField()
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
        statement, named = self._input([data], at).parse(data)
        (result,) = self._state([statement], at)
        if isinstance(result, DomainError):
            raise result
        code = status.HTTP_201_CREATED if result.is_new else status.HTTP_200_OK
        return Response(_shown(statement, named, result), status=code)

    def _state_many(self, data: Sequence[Any], at: datetime) -> Response:
        if not 0 < len(data) <= MOST_PER_REQUEST:
            raise ValidationError(
                [_("Send between 1 and %(most)d measurements.") % {"most": MOST_PER_REQUEST}]
            )
        reader = self._input(data, at)
        results: dict[int, dict[str, Any]] = {}
        valid: dict[int, tuple[Statement, NamedSubject]] = {}
        for index, item in enumerate(data):
            try:
                valid[index] = reader.parse(item)
            except ValidationError as error:
                results[index] = {
                    "status": 400,
                    "message": _("Some fields are wrong."),
                    "extra": {"fields": error.detail},
                }
        stated = self._state([statement for statement, _named in valid.values()], at)
        for (index, (statement, named)), result in zip(valid.items(), stated, strict=True):
            if isinstance(result, DomainError):
                results[index] = {"status": 400, "message": str(result.message), "extra": dict(result.extra)}
            else:
                results[index] = {
                    "status": 201 if result.is_new else 200,
                    "measurement": _shown(statement, named, result),
                }
        listed = [{"index": index, **results[index]} for index in sorted(results)]
        return Response({"results": listed}, status=status.HTTP_207_MULTI_STATUS)

    def _state(self, statements: list[Statement], at: datetime) -> list[Stated | DomainError]:
        return state_measurements(
            statements=statements, by=Teller(StatedBy.API, api_key=principal_of(self.request)), at=at
        )

    def _input(self, items: Sequence[Any], at: datetime) -> MeasurementInput:
        codes = {str(item.get("subject")) for item in items if _is_of_an_agent(item)}
        indicators = {indicator.slug: indicator for indicator in Indicator.objects.all()}
        return MeasurementInput(
            context={
                "at": at,
                "references": SimpleNamespace(indicators=indicators),
                "subjects": known_subjects(principal=principal_of(self.request), agent_codes=codes),
            }
        )


def _is_of_an_agent(item: Any) -> bool:
    return isinstance(item, Mapping) and item.get("subject_kind") == SubjectKind.AGENT


def _shown(statement: Statement, named: NamedSubject, result: Stated) -> dict[str, Any]:
    row = result.measurement
    outcome = "new" if result.is_new else "revised" if result.is_revised else "repeated"
    facts = {
        "indicator": statement.indicator.slug,
        "subject_kind": named.kind,
        "subject": named.code,
        "team": named.team,
        "subject_source": named.source,
        "outcome": outcome,
    }
    figures = {name: getattr(row, name) for name in ("period_kind", "period_start", "value", "n", "source")}
    return dict(MeasurementOutput({**facts, **figures, "revision": result.revision}).data)
