from feedback_site.improvements.models.action import ImprovementAction
from feedback_site.improvements.models.problem import Problem

__all__ = ["ImprovementAction", "Problem"]
