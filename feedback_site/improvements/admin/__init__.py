from feedback_site.improvements.admin.action import ImprovementActionAdmin
from feedback_site.improvements.admin.problem import ProblemAdmin

__all__ = ["ImprovementActionAdmin", "ProblemAdmin"]
