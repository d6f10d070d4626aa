"""Indicators by who measures them."""

from django.db.models import QuerySet

from feedback_site.evaluations.enums import MeasurementSource
from feedback_site.evaluations.models import Indicator
from feedback_site.evaluations.rules.after_sales import FROM_CASE_LOG

_MEASURED_HERE = (MeasurementSource.SURVEY, MeasurementSource.CASE_LOG, MeasurementSource.RETURN_VISIT)


def indicators_by_hand() -> QuerySet[Indicator]:
    """Return the indicators that nothing here measures by itself: call centre, spot checks, CRM."""
    return Indicator.objects.exclude(source__in=_MEASURED_HERE).exclude(slug__in=FROM_CASE_LOG)
