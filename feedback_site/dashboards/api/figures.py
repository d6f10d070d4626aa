"""What the figures look like to systems: the pages' dataclasses as fields.

What too few cases forbid to show is null.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from feedback_site.dashboards.enums import Breakdown, Composed, Finding, FunnelStep, GoalVerdict, StoppedAt
from feedback_site.evaluations.rules import Visibility


class IntervalOutput(serializers.Serializer[Any]):
    """A 95 % interval in the unit of its figure."""

    low = serializers.FloatField()
    high = serializers.FloatField()


class ShareOutput(serializers.Serializer[Any]):
    """A share in percent with its interval (Wilson) and the cases it rests on."""

    visibility = serializers.ChoiceField(choices=[member.value for member in Visibility])
    n = serializers.IntegerField(allow_null=True)
    percent = serializers.FloatField(allow_null=True)
    interval = IntervalOutput(allow_null=True)


class MeanOutput(serializers.Serializer[Any]):
    """A mean rating of 5 with its interval (Student), and the share of 4 and 5."""

    visibility = serializers.ChoiceField(choices=[member.value for member in Visibility])
    n = serializers.IntegerField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    interval = IntervalOutput(allow_null=True)
    satisfied = ShareOutput()


class EffortOutput(serializers.Serializer[Any]):
    """A mean effort of 7, 7 being the easiest, and the share of 5 to 7 (CES 2.0)."""

    visibility = serializers.ChoiceField(choices=[member.value for member in Visibility])
    n = serializers.IntegerField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    easy = ShareOutput()


class RateOutput(serializers.Serializer[Any]):
    """A share, its numerator, and what its interval says about the goal."""

    hits = serializers.IntegerField(allow_null=True)
    share = ShareOutput()
    verdict = serializers.ChoiceField(choices=GoalVerdict.values)


class RatesOutput(serializers.Serializer[Any]):
    """RR1 (AAPOR), answered of delivered, invited of served."""

    rr1 = RateOutput()
    of_delivered = RateOutput()
    coverage = RateOutput()


class GroupOutput(serializers.Serializer[Any]):
    """One value of what the figures are taken apart by; `slug` is empty for the cases that have none."""

    slug = serializers.CharField(allow_blank=True)
    label = serializers.CharField()  # type: ignore[assignment]  # DRF takes declared fields off the class
    depth = serializers.IntegerField()


class FilterOutput(serializers.Serializer[Any]):
    """The days that were counted, both included."""

    from_on = serializers.DateField()
    to_on = serializers.DateField()


class StepOutput(serializers.Serializer[Any]):
    """One step of the funnel."""

    step = serializers.ChoiceField(choices=FunnelStep.values)
    count = serializers.IntegerField(allow_null=True)
    of_previous = ShareOutput(allow_null=True)
    of_first = ShareOutput()


class StopOutput(serializers.Serializer[Any]):
    """How far those came who opened the link and did not submit; the share is of all who opened it."""

    how = serializers.ChoiceField(choices=StoppedAt.values)
    count = serializers.IntegerField(allow_null=True)
    share = ShareOutput()


class ReasonOutput(serializers.Serializer[Any]):
    """Why completed events have no invitation that counts."""

    slug = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # DRF takes declared fields off the class
    is_eligible = serializers.BooleanField()
    count = serializers.IntegerField(allow_null=True)
    share = ShareOutput()


class GroupRatesOutput(serializers.Serializer[Any]):
    """One group's response rates."""

    group = GroupOutput()
    completed = serializers.IntegerField(allow_null=True)
    invited = serializers.IntegerField(allow_null=True)
    submitted = serializers.IntegerField(allow_null=True)
    rates = RatesOutput()


class WeekOutput(serializers.Serializer[Any]):
    """The response rate of one week of completion, beginning on a Monday."""

    starts_on = serializers.DateField()
    rate = RateOutput()


@extend_schema_serializer(many=False)
class ResponseRateOutput(serializers.Serializer[Any]):
    """`completed` is the sum of those invited and of all `reasons`."""

    filter = FilterOutput()
    goal = serializers.IntegerField()
    completed = serializers.IntegerField(allow_null=True)
    steps = StepOutput(many=True)
    rates = RatesOutput()
    stops = StopOutput(many=True)
    reasons = ReasonOutput(many=True)
    by = serializers.ChoiceField(choices=Breakdown.values)
    groups = GroupRatesOutput(many=True)
    weeks = WeekOutput(many=True)


class CriterionOutput(serializers.Serializer[Any]):
    """One criterion of a sample that may speak for all customers."""

    slug = serializers.CharField()
    sentence = serializers.CharField()
    finding = serializers.ChoiceField(choices=Finding.values)
    basis = serializers.CharField()


class VerdictOutput(serializers.Serializer[Any]):
    """All criteria in one sentence."""

    finding = serializers.ChoiceField(choices=Finding.values)
    sentence = serializers.CharField()


class CategoryOutput(serializers.Serializer[Any]):
    """One group of customers; gaps are percentage points from those served."""

    group = GroupOutput()
    population = serializers.IntegerField(allow_null=True)
    invited = serializers.IntegerField(allow_null=True)
    respondents = serializers.IntegerField(allow_null=True)
    population_share = ShareOutput()
    invited_share = ShareOutput()
    respondent_share = ShareOutput()
    invited_gap = serializers.FloatField(allow_null=True)
    respondent_gap = serializers.FloatField(allow_null=True)
    is_uncovered = serializers.BooleanField()


class TestOutput(serializers.Serializer[Any]):
    """Pearson's chi-square of those heard against those served; null where it is not valid."""

    chi2 = serializers.FloatField(allow_null=True)
    degrees = serializers.IntegerField()
    p_value = serializers.FloatField(allow_null=True)
    cohen_w = serializers.FloatField(allow_null=True)


class CompositionOutput(serializers.Serializer[Any]):
    """The customers by one dimension."""

    dimension = serializers.ChoiceField(choices=Composed.values)
    categories = CategoryOutput(many=True)
    uncovered = serializers.ListField(child=serializers.CharField())
    test = TestOutput(allow_null=True)


@extend_schema_serializer(many=False)
class RepresentativenessOutput(serializers.Serializer[Any]):
    """Customers, each once: served, invited, heard."""

    filter = FilterOutput()
    population = serializers.IntegerField(allow_null=True)
    invited_count = serializers.IntegerField(allow_null=True)
    invited = ShareOutput()
    respondent_count = serializers.IntegerField(allow_null=True)
    respondents = ShareOutput()
    criteria = CriterionOutput(many=True)
    verdict = VerdictOutput()
    compositions = CompositionOutput(many=True)


class GroupSatisfactionOutput(serializers.Serializer[Any]):
    """One group's answers."""

    group = GroupOutput()
    ratings = MeanOutput()
    effort = EffortOutput()
    on_site = MeanOutput(
        help_text="Ratings given to a code that staff showed on site, where they do not count in `ratings`."
    )


@extend_schema_serializer(many=False)
class SatisfactionOutput(serializers.Serializer[Any]):
    """Answers about the services completed in the period."""

    filter = FilterOutput()
    ratings = MeanOutput()
    effort = EffortOutput()
    on_site = MeanOutput(
        help_text="Ratings given to a code that staff showed on site, where they do not count in `ratings`."
    )
    by = serializers.ChoiceField(choices=Breakdown.values)
    groups = GroupSatisfactionOutput(many=True)
