"""The colours of labels about return visits.

Every value needs one: Unfold shows the bare value of those without.
"""

from visits.enums import EscalationStatus, VisitAttemptOutcome, VisitMode, VisitOutcome, VisitTrigger

TRIGGER_COLOURS = {
    VisitTrigger.COMPLAINT_CLOSED.value: "danger",
    VisitTrigger.COMPLEX_CASE.value: "info",
    VisitTrigger.LOW_SCORE.value: "warning",
    VisitTrigger.DETRACTOR.value: "warning",
    VisitTrigger.CALL_BACK.value: "info",
    VisitTrigger.IMPROVEMENT.value: "primary",
}
MODE_COLOURS = {VisitMode.PHONE.value: "default", VisitMode.ON_SITE.value: "info"}
OUTCOME_COLOURS = {
    VisitOutcome.VERIFIED_RESOLVED.value: "success",
    VisitOutcome.NOT_RESOLVED.value: "danger",
    VisitOutcome.REFUSED.value: "warning",
    VisitOutcome.WRONG_NUMBER.value: "warning",
    VisitOutcome.UNREACHED.value: "default",
    VisitAttemptOutcome.NO_ANSWER.value: "default",
    VisitAttemptOutcome.CALL_LATER.value: "info",
}
# States of a visit that its status does not tell apart.
DUE, OVERDUE, WAITING = "due", "overdue", "waiting"
STATE_COLOURS = {DUE: "info", OVERDUE: "danger", WAITING: "default", **OUTCOME_COLOURS}
ESCALATION_COLOURS = {
    EscalationStatus.OPEN.value: "warning",
    OVERDUE: "danger",
    EscalationStatus.VERIFIED.value: "success",
    EscalationStatus.CLOSED.value: "default",
}
