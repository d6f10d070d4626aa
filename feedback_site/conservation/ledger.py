"""The ledger: what became of every service event, in one query."""

from dataclasses import dataclass

from django.db import connection

STATES = (
    "answered",
    "voided",
    "sent",
    "uncertain",
    "failed",
    "suppressed",
    "missed",
    "queued",
    "withheld",
    "undecided",
    "not_completed",
)

# Precedence from top to bottom. There is no ELSE: a row that
# fits none of the states has a null one and is a fault.
STATE_OF_EVENTS = """
    SELECT event.id AS event_id, decision.reason AS reason,
        CASE
            WHEN invitation.answered_at IS NOT NULL THEN 'answered'
            WHEN invitation.voided_at IS NOT NULL OR messages.are_all_voided THEN 'voided'
            WHEN messages.is_sent THEN 'sent'
            WHEN messages.is_uncertain THEN 'uncertain'
            WHEN messages.is_failed THEN 'failed'
            WHEN messages.is_suppressed THEN 'suppressed'
            WHEN messages.is_missed THEN 'missed'
            WHEN messages.is_waiting OR (invitation.id IS NOT NULL AND NOT invitation.is_queued) THEN 'queued'
            WHEN decision.service_event_id IS NOT NULL AND invitation.id IS NULL AND decision.reason <> ''
              THEN 'withheld'
            WHEN decision.service_event_id IS NULL AND event.status = 'completed' THEN 'undecided'
            WHEN decision.service_event_id IS NULL AND event.status IN ('open', 'reopened', 'cancelled',
              'superseded') THEN 'not_completed'
        END AS state
    FROM service_events_serviceevent event
    LEFT JOIN surveys_eventdecision decision ON decision.service_event_id = event.id
    LEFT JOIN surveys_invitation invitation ON invitation.id = decision.invitation_id
    LEFT JOIN (
        SELECT subject_id,
            bool_and(status = 'voided') AS are_all_voided,
            bool_or(status = 'sent') AS is_sent,
            bool_or(status = 'uncertain') AS is_uncertain,
            bool_or(status = 'failed') AS is_failed,
            bool_or(status = 'suppressed') AS is_suppressed,
            bool_or(status = 'missed') AS is_missed,
            bool_or(status IN ('queued', 'sending')) AS is_waiting
        FROM delivery_message
        WHERE subject_kind = 'invitation'
        GROUP BY subject_id
    ) messages ON messages.subject_id = invitation.id
"""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Counts of events: all, per state in order of precedence, and per reason of those withheld."""

    events: int
    states: dict[str, int]
    reasons: dict[str, int]

    @property
    def is_complete(self) -> bool:
        """True when the states add up to all events."""
        return sum(self.states.values()) == self.events


def read_ledger() -> Ledger:
    """Count events per state and withheld events per reason."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM service_events_serviceevent")
        (events,) = cursor.fetchone()
        cursor.execute(
            f"SELECT state, reason, count(*) FROM ({STATE_OF_EVENTS}) ledger GROUP BY state, reason"  # noqa: S608 - constant text
        )
        rows = cursor.fetchall()
    states = dict.fromkeys(STATES, 0)
    reasons: dict[str, int] = {}
    for state, reason, count in rows:
        if state in states:
            states[state] += count
        if state == "withheld":
            reasons[reason] = count
    return Ledger(
        events=events, states=states, reasons=dict(sorted(reasons.items(), key=lambda item: -item[1]))
    )
