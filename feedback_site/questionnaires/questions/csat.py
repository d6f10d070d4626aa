"""Customer satisfaction, of which the best two scores are known."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback_site.evaluations.enums import Unit
from feedback_site.questionnaires.document import QuestionContent
from feedback_site.questionnaires.enums import Metric
from feedback_site.questionnaires.questions.rating import STYLE_SETTING, USUAL_POINTS, RatingQuestion
from feedback_site.questionnaires.questions.settings import Setting, SettingKind

POINTS = (5, 7)


class CsatQuestion(RatingQuestion):
    """Customer satisfaction on five points (or seven).

    The two best count as satisfied ("top-2-box").
    """

    name = "csat"
    label = gettext_lazy("Satisfaction (CSAT)")
    order = 20
    settings_fields = (
        Setting(
            "points",
            gettext_lazy("points"),
            SettingKind.CHOICE,
            default=USUAL_POINTS,
            choices=tuple((points, str(points)) for points in POINTS),
            help_text=gettext_lazy("Only five-point questions count as satisfaction."),
        ),
        STYLE_SETTING,
    )
    made_for = Metric.SATISFACTION
    feedable = frozenset({Unit.RATING.value, Unit.PERCENT.value})

    def __init__(self, content: QuestionContent) -> None:
        super().__init__(content)
        self.best = frozenset(self.scores[-2:])

    @classmethod
    def faults(cls, content: QuestionContent) -> Iterator[str]:
        """Five or seven points."""
        yield from super().faults(content)
        if content.settings.get("points", USUAL_POINTS) not in POINTS:
            yield _("customer satisfaction has five or seven points.")
