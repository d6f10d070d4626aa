from visits.admin.escalation import EscalationAdmin
from visits.admin.facts import VisitAttemptAdmin, VisitSourceAdmin
from visits.admin.plan import VisitPlanAdmin
from visits.admin.visit import ReturnVisitAdmin

__all__ = [
    "EscalationAdmin",
    "ReturnVisitAdmin",
    "VisitAttemptAdmin",
    "VisitPlanAdmin",
    "VisitSourceAdmin",
]
