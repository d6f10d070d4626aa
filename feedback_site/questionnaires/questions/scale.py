"""What questions share that are answered by one whole number of a scale: rating, CSAT, NPS, CES.

None is ever inferred from another.
"""

from collections.abc import Mapping
from typing import Any

from feedback_site.evaluations.enums import Unit
from feedback_site.questionnaires.questions.base import (
    ORDER,
    Answer,
    AnswerKind,
    Fields,
    OneValueQuestion,
    Statistics,
    read_score,
)

# More points than this go into two rows on a phone.
_POINTS_IN_A_ROW = 7
# From the unhappiest to the happiest, all of them on old phones
# too; a scale of fewer points takes those evenly between the ends.
_FACES = ("😡", "😠", "😣", "😞", "😐", "😌", "😊", "😃", "😄", "😍")


class ScaleQuestion(OneValueQuestion):
    """What the scales share. `best` are the scores that count as the best ones."""

    template = "questionnaires/questions/scale.html"
    statistics = Statistics.SCALE
    operators = ORDER
    answer_kind = AnswerKind.NUMBER
    has_ends = True
    style = "numbers"
    best: frozenset[int] = frozenset()

    def parse(self, raw: str) -> int:
        """Return a score of the scale."""
        return read_score(raw, self.scores)

    def fed(self, answers: Mapping[str, Any]) -> int | None:
        """Return the score, or whether it is one of the best."""
        score = answers.get(self.key)
        if not isinstance(score, int):
            return None
        return int(score in self.best) if self.feeds == Unit.PERCENT else score

    def cells(self, answers: Mapping[str, Any], *, language: str) -> list[Answer | None]:
        """Return the score as a number."""
        return [answers.get(self.key)]

    def context(self, *, language: str, values: Fields, error: str) -> dict[str, Any]:
        """Return the scores, each with its face where faces are shown."""
        shown = super().context(language=language, values=values, error=error)
        points = [{"score": str(score), "face": face_of(score, self.scores)} for score in self.scores]
        return {**shown, "points": points, "style": self.style, "wide": len(self.scores) > _POINTS_IN_A_ROW}


def face_of(score: int, scores: range) -> str:
    """Return the face for a score, spread evenly over the scale."""
    share = (score - scores[0]) / (len(scores) - 1)
    return _FACES[round(share * (len(_FACES) - 1))]
