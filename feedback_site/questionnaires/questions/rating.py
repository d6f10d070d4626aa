"""A rating of three to ten points."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback_site.evaluations.enums import Unit
from feedback_site.questionnaires.document import QuestionContent, Settings
from feedback_site.questionnaires.enums import Metric
from feedback_site.questionnaires.questions.base import Schema
from feedback_site.questionnaires.questions.scale import ScaleQuestion
from feedback_site.questionnaires.questions.settings import Setting, SettingKind

FEWEST_POINTS, MOST_POINTS, USUAL_POINTS = 3, 10, 5
# What an imported draft may have, so that it can be shown until its author puts it right.
DRAWABLE_POINTS = {"type": "integer", "minimum": 2, "maximum": 100}
STYLES = ("stars", "numbers", "smileys")
POINTS_SETTING = Setting(
    "points", gettext_lazy("points"), default=USUAL_POINTS, lowest=FEWEST_POINTS, highest=MOST_POINTS
)
STYLE_SETTING = Setting(
    "style",
    gettext_lazy("shown as"),
    SettingKind.CHOICE,
    default=STYLES[0],
    choices=tuple(
        zip(STYLES, (gettext_lazy("stars"), gettext_lazy("numbers"), gettext_lazy("smileys")), strict=True)
    ),
)


class RatingQuestion(ScaleQuestion):
    """Three to ten points as stars, numbers or smileys; satisfaction is counted from one of five points."""

    name = "rating"
    label = gettext_lazy("Rating")
    order = 10
    known_settings: ClassVar[Mapping[str, Schema]] = {
        "points": DRAWABLE_POINTS,
        "style": {"enum": list(STYLES)},
    }
    settings_fields = (POINTS_SETTING, STYLE_SETTING)
    metrics = (Metric.SATISFACTION,)
    feedable = frozenset({Unit.RATING.value})

    def __init__(self, content: QuestionContent) -> None:
        super().__init__(content)
        self.scores = range(1, self.settings.get("points", USUAL_POINTS) + 1)
        self.style = self.settings.get("style", "stars")

    @classmethod
    def usual_metric(cls, settings: Settings) -> Metric:
        """Satisfaction is counted from one of five points."""
        points = settings.get("points", USUAL_POINTS)
        return super().usual_metric(settings) if points == USUAL_POINTS else Metric.NONE

    @classmethod
    def can_feed(cls, content: QuestionContent, unit: str) -> bool:
        """Five points feed what is rated from 1 to 5."""
        points = content.settings.get("points", USUAL_POINTS)
        return super().can_feed(content, unit) and (unit != Unit.RATING or points == USUAL_POINTS)

    @classmethod
    def faults(cls, content: QuestionContent) -> Iterator[str]:
        """Points and style within what can be shown, five points where satisfaction is counted."""
        settings = content.settings
        points = settings.get("points", USUAL_POINTS)
        if not isinstance(points, int) or not FEWEST_POINTS <= points <= MOST_POINTS:
            yield _("a rating has %(fewest)s to %(most)s points.") % {
                "fewest": FEWEST_POINTS,
                "most": MOST_POINTS,
            }
        elif content.metric == Metric.SATISFACTION and points != USUAL_POINTS:
            yield _("only a five-point question can count as satisfaction.")
        if settings.get("style", STYLES[0]) not in STYLES:
            yield _("choose stars, numbers or smileys.")
