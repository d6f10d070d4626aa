from feedback_site.evaluations.models.indicator import Dimension, Indicator
from feedback_site.evaluations.models.measurement import Measurement
from feedback_site.evaluations.models.record import EvaluationRecord, RecordLine
from feedback_site.evaluations.models.scheme import EvaluationScheme, SchemeItem
from feedback_site.evaluations.models.statement import MeasurementStatement

__all__ = [
    "Dimension",
    "EvaluationRecord",
    "EvaluationScheme",
    "Indicator",
    "Measurement",
    "MeasurementStatement",
    "RecordLine",
    "SchemeItem",
]
