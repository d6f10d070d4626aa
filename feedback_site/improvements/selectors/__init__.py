from feedback_site.improvements.selectors.actions import actions_to_verify, actions_waiting_for_figures
from feedback_site.improvements.selectors.history import HistoryItem, history_of
from feedback_site.improvements.selectors.sheets import (
    ActionRow,
    ProblemSheet,
    ShownFigure,
    problem_sheet,
    shown_figure,
)
from feedback_site.improvements.selectors.weak_indicators import WeakFigure, weak_figures

__all__ = [
    "ActionRow",
    "HistoryItem",
    "ProblemSheet",
    "ShownFigure",
    "WeakFigure",
    "actions_to_verify",
    "actions_waiting_for_figures",
    "history_of",
    "problem_sheet",
    "shown_figure",
    "weak_figures",
]
