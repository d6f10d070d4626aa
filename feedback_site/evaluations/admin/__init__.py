from feedback_site.evaluations.admin.indicator import DimensionAdmin, IndicatorAdmin
from feedback_site.evaluations.admin.measurement import MeasurementAdmin
from feedback_site.evaluations.admin.record import EvaluationRecordAdmin
from feedback_site.evaluations.admin.scheme import EvaluationSchemeAdmin

__all__ = [
    "DimensionAdmin",
    "EvaluationRecordAdmin",
    "EvaluationSchemeAdmin",
    "IndicatorAdmin",
    "MeasurementAdmin",
]
