from feedback_site.evaluations.rules.limits import limits_of
from feedback_site.evaluations.rules.periods import (
    PERIOD_CODES,
    Period,
    period_before,
    period_code,
    period_end,
    period_in_words,
    period_of_code,
    period_start,
    periods_of,
)
from feedback_site.evaluations.rules.scoring import (
    LineFigures,
    RecordOutcome,
    covered_score,
    outcome_of,
    score_of,
    weights_add_up,
)
from feedback_site.evaluations.rules.subjects import Subject
from feedback_site.evaluations.rules.visibility import Visibility, is_covered, is_firm, visibility_of

__all__ = [
    "PERIOD_CODES",
    "LineFigures",
    "Period",
    "RecordOutcome",
    "Subject",
    "Visibility",
    "covered_score",
    "is_covered",
    "is_firm",
    "limits_of",
    "outcome_of",
    "period_before",
    "period_code",
    "period_end",
    "period_in_words",
    "period_of_code",
    "period_start",
    "periods_of",
    "score_of",
    "visibility_of",
    "weights_add_up",
]
