from feedback_site.improvements.services.finding import open_problems_of_weak_indicators
from feedback_site.improvements.services.planning import (
    check_action,
    finish_action,
    plan_action,
    revise_action,
)
from feedback_site.improvements.services.problems import close_problem, open_problem, revise_problem
from feedback_site.improvements.services.proving import check_proofs, prove_by_visit

__all__ = [
    "check_action",
    "check_proofs",
    "close_problem",
    "finish_action",
    "open_problem",
    "open_problems_of_weak_indicators",
    "plan_action",
    "prove_by_visit",
    "revise_action",
    "revise_problem",
]
