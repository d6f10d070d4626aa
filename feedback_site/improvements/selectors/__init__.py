from feedback_site.improvements.selectors.actions import actions_to_verify, actions_waiting_for_figures
from feedback_site.improvements.selectors.weak_indicators import WeakFigure, weak_figures

__all__ = ["WeakFigure", "actions_to_verify", "actions_waiting_for_figures", "weak_figures"]
