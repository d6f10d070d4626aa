from feedback_site.evaluations.models.indicator import Dimension, Indicator
from feedback_site.evaluations.models.measurement import Measurement
from feedback_site.evaluations.models.record import EvaluationRecord, RecordLine
from feedback_site.evaluations.models.scheme import EvaluationScheme, SchemeItem
from feedback_site.evaluations.models.statement import MeasurementStatement
from feedback_site.evaluations.models.subject import (
    OfSubject,
    code_of_subject,
    condition_of,
    subject_in_words,
)

__all__ = [
    "Dimension",
    "EvaluationRecord",
    "EvaluationScheme",
    "Indicator",
    "Measurement",
    "MeasurementStatement",
    "OfSubject",
    "RecordLine",
    "SchemeItem",
    "code_of_subject",
    "condition_of",
    "subject_in_words",
]
