"""Indicators by who measures them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from feedback_site.evaluations.enums import MeasurementSource
from feedback_site.evaluations.models import Indicator
from feedback_site.evaluations.rules.after_sales import FROM_CASE_LOG

_MEASURED_HERE = (MeasurementSource.SURVEY, MeasurementSource.CASE_LOG, MeasurementSource.RETURN_VISIT)


def indicators_by_hand() -> QuerySet[Indicator]:
    """Return the indicators that nothing here measures by itself: call centre, spot checks, CRM."""
    return Indicator.objects.exclude(source__in=_MEASURED_HERE).exclude(slug__in=FROM_CASE_LOG)


def kinds_to_measure(indicators: Iterable[Indicator]) -> dict[str, set[str]]:
    """Return the kinds of periods to measure by kind of subject, for all of these indicators."""
    asked: dict[str, set[str]] = {}
    for indicator in indicators:
        for subject_kind, period_kind in indicator.measured_kinds:
            asked.setdefault(subject_kind, set()).add(period_kind)
    return asked
