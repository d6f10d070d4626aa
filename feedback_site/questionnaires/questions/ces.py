"""The question behind the Customer Effort Score."""

from feedback_site.evaluations.enums import Unit
from feedback_site.questionnaires.questions.scale import ScaleQuestion


class CesQuestion(ScaleQuestion):
    """How easy it was, 1-7, 7 is best; 5 and more agree (CES 2.0, Dixon, Toman and DeLisi 2013)."""

    scores = range(1, 8)
    usual_metric = "ces"
    feedable = frozenset({Unit.PERCENT.value})
    best = frozenset({5, 6, 7})
