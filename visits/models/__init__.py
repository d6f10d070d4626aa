from visits.models.attempt import VisitAttempt
from visits.models.escalation import Escalation
from visits.models.plan import VisitPlan
from visits.models.visit import ReturnVisit, VisitSource

__all__ = ["Escalation", "ReturnVisit", "VisitAttempt", "VisitPlan", "VisitSource"]
