"""The question behind the Customer Effort Score."""

from django.utils.translation import gettext_lazy

from feedback_site.evaluations.enums import Unit
from feedback_site.questionnaires.enums import Metric
from feedback_site.questionnaires.questions.scale import ScaleQuestion


class CesQuestion(ScaleQuestion):
    """How easy it was, 1-7, 7 is best; 5 and more agree (CES 2.0, Dixon, Toman and DeLisi 2013)."""

    name = "ces"
    label = gettext_lazy("Effort 1-7 (CES)")
    order = 40
    scores = range(1, 8)
    metrics = (Metric.CES,)
    made_for = Metric.CES
    feedable = frozenset({Unit.PERCENT.value})
    best = frozenset({5, 6, 7})
