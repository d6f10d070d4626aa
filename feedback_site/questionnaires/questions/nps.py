"""The question behind the Net Promoter Score."""

from django.utils.translation import gettext_lazy

from feedback_site.questionnaires.enums import Metric
from feedback_site.questionnaires.questions.scale import ScaleQuestion


class NpsQuestion(ScaleQuestion):
    """How likely a recommendation is, 0-10; 9 and 10 promote (Reichheld 2003)."""

    name = "nps"
    label = gettext_lazy("Recommendation 0-10 (NPS)")
    order = 30
    scores = range(11)
    metrics = (Metric.NPS,)
    made_for = Metric.NPS
    best = frozenset({9, 10})
