"""The cases of a period and what became of each.

Every figure that says who was served, asked and heard uses this definition.

A case is a service event whose service ended, and stays ended, in the period, or an
invitation in the denominator of the response rate. It counts once, on the local day
of the completion that its invitation followed, else on that of its last completion.

| outcome | reason | the event | | invited | | has an unvoided invitation of ours to send,
whether the message left or not | | elsewhere | | was answered elsewhere (imported), without an
invitation of ours | | withheld | DecisionReason | was decided not to be asked about | | voided
| VoidReason | had an invitation that was taken back | | undecided | | waits for its decision |
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from feedback_site.dashboards.enums import Breakdown
from feedback_site.dashboards.selectors.filters import FigureChoices, FigureFilter, parameters_of
from feedback_site.delivery.services import forms_of_bounces
from surveys.enums import DecisionReason

# An event that no rule asks about, or that must not be asked about any
# more, was never eligible; the other reasons keep eligible ones out.
INELIGIBLE = (
    DecisionReason.NO_SURVEY.value,
    DecisionReason.TOO_OLD.value,
    DecisionReason.REOPENED.value,
    DecisionReason.EXCLUDED.value,
    DecisionReason.DUPLICATE.value,
)

_INVITED = """
    SELECT i.id AS invitation_id, i.service_event_id AS event_id, i.customer_id, i.contact_index, i.belongs_on
      AS day,
        i.credited_team_id AS team, i.survey_id AS survey, i.channel_id AS channel, i.kind_id AS kind,
          i.segment_id AS segment,
        'invited' AS outcome, '' AS reason, i.answered_at IS NOT NULL AS is_submitted
    FROM surveys_invitation i
    WHERE i.purpose = 'survey' AND i.origin = 'sent' AND i.voided_at IS NULL
      AND i.belongs_on BETWEEN %(from_on)s AND %(to_on)s
        AND (%(teams)s::bigint[] IS NULL OR i.credited_team_id = ANY(%(teams)s::bigint[]))
        AND (%(survey)s::bigint IS NULL OR i.survey_id = %(survey)s::bigint)
        AND (%(channel)s::bigint IS NULL OR i.channel_id = %(channel)s::bigint)
        AND (%(kind)s::bigint IS NULL OR i.kind_id = %(kind)s::bigint)
        AND (%(segment)s::bigint IS NULL OR i.segment_id = %(segment)s::bigint)
"""
# The moments find the rows by their index; the local day decides.
_NOT_INVITED = """
    SELECT NULL::uuid, e.id, e.customer_id, NULL::bytea, (e.completed_at AT TIME ZONE t.time_zone)::date,
        e.credited_team_id, coalesce(d.survey_id, live.survey_id), e.channel_id, e.kind_id, e.segment_id,
        CASE WHEN live.id IS NOT NULL THEN 'elsewhere' WHEN d.service_event_id IS NULL THEN 'undecided'
            WHEN d.reason <> '' THEN 'withheld' ELSE 'voided' END,
        CASE WHEN live.id IS NOT NULL THEN '' ELSE coalesce(nullif(d.reason, ''), gone.void_reason, '') END,
        FALSE
    FROM service_events_serviceevent e
    JOIN accounts_team t ON t.id = e.credited_team_id
    LEFT JOIN surveys_eventdecision d ON d.service_event_id = e.id
    LEFT JOIN surveys_invitation gone ON gone.id = d.invitation_id
    LEFT JOIN surveys_invitation live
        ON live.service_event_id = e.id AND live.purpose = 'survey' AND live.voided_at IS NULL
          AND live.origin <> 'sent'
    WHERE e.status = 'completed' AND e.completed_at >= %(earliest)s AND e.completed_at < %(latest)s
        AND (e.completed_at AT TIME ZONE t.time_zone)::date BETWEEN %(from_on)s AND %(to_on)s
        AND NOT EXISTS (
            SELECT FROM surveys_invitation ours
            WHERE ours.service_event_id = e.id AND ours.purpose = 'survey' AND ours.voided_at IS NULL
              AND ours.origin = 'sent'
        )
        AND (%(teams)s::bigint[] IS NULL OR e.credited_team_id = ANY(%(teams)s::bigint[]))
        AND (%(survey)s::bigint IS NULL OR coalesce(d.survey_id, live.survey_id) = %(survey)s::bigint)
        AND (%(channel)s::bigint IS NULL OR e.channel_id = %(channel)s::bigint)
        AND (%(kind)s::bigint IS NULL OR e.kind_id = %(kind)s::bigint)
        AND (%(segment)s::bigint IS NULL OR e.segment_id = %(segment)s::bigint)
"""
CASES = f"{_INVITED} UNION ALL {_NOT_INVITED}"

# Customers who opened or answered had the message, and those who answered or
# saved a page had opened the link, even where its visit was lost: the steps
# nest. Visits of machines that follow a message's links are no person's. While keys are
# rotated, the address of a bounce may be held in another form than the invitation's.
_COUNTED = """
SELECT ({key})::text, date_trunc('week', day)::date, outcome, reason,
    coalesce(message.is_sent, FALSE) OR opened.is_opened,
    coalesce(message.is_delivered, FALSE) OR opened.is_opened,
    opened.is_opened,
    is_submitted,
    CASE WHEN opened.is_opened AND NOT is_submitted THEN coalesce(draft.state, 'nothing') ELSE '' END,
    count(*)
FROM ({cases}) cases
LEFT JOIN surveys_linkvisit visit ON visit.invitation_id = cases.invitation_id
  AND visit.quarantined_at IS NULL
LEFT JOIN surveys_responsedraft draft ON draft.invitation_id = cases.invitation_id
LEFT JOIN unnest(%(bounce_forms)s::bytea[], %(bounces_held)s::bytea[]) AS other (form, held)
  ON other.form = cases.contact_index
CROSS JOIN LATERAL (
    SELECT visit.invitation_id IS NOT NULL OR draft.invitation_id IS NOT NULL OR is_submitted AS is_opened
) opened
LEFT JOIN LATERAL (
    SELECT TRUE AS is_sent, bool_or(NOT EXISTS (
        SELECT FROM delivery_suppression bounce
        WHERE bounce.channel = m.channel AND bounce.address_index IN (cases.contact_index, other.held)
            AND bounce.reason = 'bounced' AND bounce.suppressed_at >= m.sent_at
    )) AS is_delivered
    FROM delivery_message m
    WHERE m.subject_kind = 'invitation' AND m.subject_id = cases.invitation_id AND m.status = 'sent'
    HAVING count(*) > 0
) message ON TRUE
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""


class CaseCount(NamedTuple):
    """How many cases are alike.

    `key` is the id of what they are taken apart by, or a month; None where the case has none.

    `stopped` is the state of the unfinished response of the one who opened
    the link and did not submit, "nothing" where no page was saved.
    """

    key: str | None
    week: date
    outcome: str
    reason: str
    is_sent: bool
    is_delivered: bool
    is_visited: bool
    is_submitted: bool
    stopped: str
    cases: int


class InvitedCases(NamedTuple):
    """The invited cases of a credited team on a local day, and how many of them answered."""

    team_id: int
    day: date
    answered: int
    invited: int


@dataclass(slots=True)
class CasePool:
    """Cases added up.

    `completed` is the sum of invited, elsewhere, undecided, withheld and voided; `visited` of submitted
    and stopped.
    """

    completed: int = 0
    invited: int = 0
    elsewhere: int = 0
    undecided: int = 0
    sent: int = 0
    delivered: int = 0
    visited: int = 0
    submitted: int = 0
    withheld: Counter[str] = field(default_factory=Counter)
    voided: Counter[str] = field(default_factory=Counter)
    stopped: Counter[str] = field(default_factory=Counter)

    @property
    def eligible(self) -> int:
        """Events that a rule matches and that may be asked about, reachable or not."""
        return self.completed - self.undecided - sum(self.withheld[reason] for reason in INELIGIBLE)

    def add(self, row: CaseCount) -> None:
        """Add cases that are alike."""
        self.completed += row.cases
        if row.outcome == "withheld":
            self.withheld[row.reason] += row.cases
        elif row.outcome == "voided":
            self.voided[row.reason] += row.cases
        elif row.outcome == "undecided":
            self.undecided += row.cases
        elif row.outcome == "elsewhere":
            self.elsewhere += row.cases
        else:
            self._add_invited(row)

    def _add_invited(self, row: CaseCount) -> None:
        self.invited += row.cases
        self.sent += row.cases * row.is_sent
        self.delivered += row.cases * row.is_delivered
        self.visited += row.cases * row.is_visited
        self.submitted += row.cases * row.is_submitted
        if row.stopped:
            self.stopped[row.stopped] += row.cases


def count_cases(figure_filter: FigureFilter, *, choices: FigureChoices, by: Breakdown) -> list[CaseCount]:
    """Count the cases by week, outcome and what they are taken apart by.

    Takes one statement, two while keys are rotated.
    """
    key = "date_trunc('month', day)::date" if by is Breakdown.MONTH else by.value
    forms = forms_of_bounces()
    parameters = {
        **parameters_of(figure_filter, choices),
        "bounce_forms": list(forms.keys()),
        "bounces_held": list(forms.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(key=key, cases=CASES), parameters)
        return [CaseCount(*row) for row in cursor.fetchall()]


def count_completed(figure_filter: FigureFilter, *, choices: FigureChoices) -> int:
    """Count the cases, as `count_cases` does, without what became of their messages. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({CASES}) cases", _indexed(figure_filter, choices))  # noqa: S608 - constant text
        (completed,) = cursor.fetchone()
    return int(completed)


def count_asked(figure_filter: FigureFilter, *, choices: FigureChoices) -> list[InvitedCases]:
    """Count the invited cases and those that answered, per credited team and day. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT team, day, count(*) FILTER (WHERE is_submitted), count(*) FROM ({_INVITED}) cases GROUP "  # noqa: S608
            "BY 1, 2",
            _indexed(figure_filter, choices),
        )
        return [InvitedCases(*row) for row in cursor.fetchall()]


def _indexed(figure_filter: FigureFilter, choices: FigureChoices) -> dict[str, Any]:
    """Name all teams where all count: cases are found by team and day."""
    parameters = parameters_of(figure_filter, choices)
    if parameters["teams"] is None:
        parameters["teams"] = [team.pk for team in choices.teams]
    return parameters


def pooled(rows: Iterable[CaseCount]) -> CasePool:
    """Add up all `rows`."""
    pool = CasePool()
    for row in rows:
        pool.add(row)
    return pool
