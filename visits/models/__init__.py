from visits.models.attempt import VisitAttempt
from visits.models.calendar import CalendarDay
from visits.models.escalation import Escalation
from visits.models.plan import VisitPlan
from visits.models.visit import ReturnVisit, VisitSource

__all__ = ["CalendarDay", "Escalation", "ReturnVisit", "VisitAttempt", "VisitPlan", "VisitSource"]
