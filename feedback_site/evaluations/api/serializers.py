"""Evaluation records as systems read them: the sheet that staff see, with the same figures held back."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from feedback_site.evaluations.enums import PeriodKind, RecordStatus, SubjectKind
from feedback_site.evaluations.models import code_of_subject
from feedback_site.evaluations.rules import PERIOD_CODES, Period, Visibility, period_code, period_of_code
from feedback_site.evaluations.selectors.records import RecordSheet
from feedback_site.service_events.api.fields import ReferenceField
from feedback_site.service_events.api.filters import DayOrMomentField, ListFilters


@extend_schema_field(OpenApiTypes.STR)
class PeriodField(serializers.CharField):
    """A period by its code, such as 2026-11."""

    default_error_messages = {"invalid_period": PERIOD_CODES}

    def to_internal_value(self, data: Any) -> Period:  # type: ignore[override]  # a code comes in, a period goes out
        """Parse one code."""
        found = period_of_code(str(data))
        if found is None:
            self.fail("invalid_period")
        return found


class EvaluationQuery(ListFilters):
    """Filters of the list."""

    scheme = ReferenceField(table="schemes", required=False, help_text="Slug of a scheme.")
    team = ReferenceField(
        table="teams", required=False, help_text="Code of a team; the teams below it count too."
    )
    subject_kind = serializers.ChoiceField(
        choices=SubjectKind.choices, required=False, help_text="What the record is about."
    )
    agent = serializers.CharField(required=False, max_length=40, help_text="Staff number of an agent.")
    channel = ReferenceField(table="channels", required=False, help_text="Slug of a service channel.")
    kind = ReferenceField(table="kinds", required=False, help_text="Slug of a service type.")
    period_kind = serializers.ChoiceField(choices=PeriodKind.choices, required=False)
    period = PeriodField(required=False, help_text="2026-11-24, 2026-W48, 2026-11, 2026-Q4, 2026-H2 or 2026.")
    status = serializers.ChoiceField(choices=RecordStatus.choices, required=False)
    updated_since = DayOrMomentField(
        required=False,
        help_text=(
            "Records calculated, reviewed or published at or after this moment, or on this day or later."
        ),
    )


class LineOutput(serializers.Serializer[Any]):
    """One indicator. `visibility` says what its cases allow to show; what they forbid is null."""

    indicator = serializers.SlugField(source="indicator.slug")
    unit = serializers.CharField(source="indicator.unit")
    baseline = serializers.DecimalField(source="indicator.baseline", max_digits=10, decimal_places=3)
    target = serializers.DecimalField(source="indicator.target", max_digits=10, decimal_places=3)
    visibility = serializers.ChoiceField(choices=[visibility.value for visibility in Visibility])
    n = serializers.IntegerField(allow_null=True)
    value = serializers.DecimalField(max_digits=12, decimal_places=4, allow_null=True)
    low = serializers.DecimalField(max_digits=12, decimal_places=4, allow_null=True)
    high = serializers.DecimalField(max_digits=12, decimal_places=4, allow_null=True)
    score = serializers.DecimalField(max_digits=6, decimal_places=3, allow_null=True)
    weight = serializers.DecimalField(max_digits=5, decimal_places=2)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a field of that name, not Field.source


class EvaluationOutput(serializers.Serializer[Any]):
    """One record with its lines.

    Without data `score` is null; `grade` is empty where too little of the weight was measured.
    """

    id = serializers.UUIDField(source="record.pk")
    scheme = serializers.SlugField(source="record.scheme.slug")
    team = serializers.SlugField(
        source="record.team.code",
        allow_null=True,
        help_text="Null where the record is about the whole company.",
    )
    subject_kind = serializers.ChoiceField(choices=SubjectKind.choices, source="record.subject_kind")
    subject = serializers.SerializerMethodField()
    period_kind = serializers.ChoiceField(choices=PeriodKind.choices, source="record.period_kind")
    period = serializers.SerializerMethodField()
    period_start = serializers.DateField(source="record.period_start")
    revision = serializers.IntegerField(source="record.revision")
    status = serializers.ChoiceField(choices=RecordStatus.choices, source="record.status")
    score = serializers.DecimalField(source="record.score", max_digits=4, decimal_places=1, allow_null=True)
    grade = serializers.CharField(source="record.grade", allow_blank=True)
    weight_covered = serializers.DecimalField(source="record.weight_covered", max_digits=5, decimal_places=2)
    weight_firm = serializers.DecimalField(max_digits=5, decimal_places=2)
    calculated_at = serializers.DateTimeField(source="record.calculated_at", allow_null=True)
    reviewed_at = serializers.DateTimeField(source="record.reviewed_at", allow_null=True)
    published_at = serializers.DateTimeField(source="record.published_at", allow_null=True)
    is_by_one_person = serializers.BooleanField(
        source="record.is_by_one_person", help_text="One person reviewed and published it."
    )
    lines = LineOutput(many=True)

    def get_subject(self, sheet: RecordSheet) -> str:
        """The code of the team, channel or kind of service, the agent's staff number, or nothing."""
        return code_of_subject(sheet.record)

    def get_period(self, sheet: RecordSheet) -> str:
        """The period's code."""
        return period_code(sheet.record.period_kind, sheet.record.period_start)
