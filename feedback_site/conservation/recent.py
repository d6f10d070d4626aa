"""What was touched lately, and the checks' queries narrowed to it: the same text reads only these rows.

A narrowed query begins with a CTE for every table it is narrowed on, of the table's own name: inside,
that name means the few rows. The rows are closed under what the checks compare (an event with its
invitation, that with its messages; all answers of a team's day), so what a narrowed check finds is a
fault, and what it cannot see, a change behind the site's back to an old row, the complete run finds.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection

from feedback_site.common.ids import first_id_at

# Keys are made by the machines that write, whose clocks may differ a little from the database's.
_CLOCKS_DIFFER = timedelta(minutes=1)


class Scope(StrEnum):
    """What a check is narrowed to when only the latest matters."""

    EVERYTHING = "everything"  # cheap enough, or found by an index
    CASES = "cases"  # touched events, their invitations and messages
    DAYS = "days"  # all answers of a team's day on which one was touched
    CAMPAIGNS = "campaigns"  # all members of a campaign that was touched


@dataclass(frozen=True, slots=True)
class Touched:
    """Keys of what was written since `since`, and of what belongs to it.

    `team_days` are two lists of one length.
    """

    since: datetime
    events: Sequence[uuid.UUID]
    invitations: Sequence[uuid.UUID]
    messages: Sequence[uuid.UUID]
    campaigns: Sequence[uuid.UUID]
    teams: Sequence[int]
    days: Sequence[date]

    @property
    def parameters(self) -> dict[str, Any]:
        """The values of a narrowed query."""
        return {
            name: list(getattr(self, name))
            for name in ("events", "invitations", "messages", "campaigns", "teams", "days")
        }


def read_touched(*, since: datetime) -> Touched:
    """Find what was written since `since`.

    Keys are UUIDv7, so what is new is at the end of the primary key.
    """
    names: dict[str, Any] = {"since": since, "first_key": first_id_at(since - _CLOCKS_DIFFER)}
    with connection.cursor() as cursor:
        cursor.execute(_INVITATIONS, names)
        invitations = [key for (key,) in cursor.fetchall()]
        cursor.execute(_EVENTS, {**names, "invitations": invitations})
        events = [key for (key,) in cursor.fetchall()]
        cursor.execute(_ALL_INVITATIONS, {"events": events, "invitations": invitations})
        invitations = [key for (key,) in cursor.fetchall()]
        cursor.execute(_MESSAGES, {**names, "invitations": invitations})
        messages = [key for (key,) in cursor.fetchall()]
        cursor.execute(_CAMPAIGNS, {**names, "invitations": invitations})
        campaigns = [key for (key,) in cursor.fetchall()]
        cursor.execute(_TEAM_DAYS, {"invitations": invitations})
        team_days = cursor.fetchall()
    return Touched(
        since=since,
        events=events,
        invitations=invitations,
        messages=messages,
        campaigns=campaigns,
        teams=[team for team, _day in team_days],
        days=[day for _team, day in team_days],
    )


def narrow(sql: str, scope: Scope) -> str:
    """Return the query of a check over the rows of `Touched.parameters` only."""
    tables = NARROWED[scope]
    if not tables:
        return sql
    shadows = ", ".join(
        f"{table} AS NOT MATERIALIZED (SELECT * FROM {table} WHERE {condition})"  # noqa: S608 - constant text
        for table, condition in tables.items()
    )
    return f"WITH {shadows} {sql}"


_OF_TOUCHED_INVITATIONS = "invitation_id = ANY(%(invitations)s::uuid[])"
NARROWED: dict[Scope, dict[str, str]] = {
    Scope.EVERYTHING: {},
    Scope.CASES: {
        "service_events_serviceevent": "id = ANY(%(events)s::uuid[])",
        "surveys_eventdecision": "service_event_id = ANY(%(events)s::uuid[])",
        "surveys_invitation": "id = ANY(%(invitations)s::uuid[])",
        "surveys_response": _OF_TOUCHED_INVITATIONS,
        "delivery_message": "id = ANY(%(messages)s::uuid[])",
        "delivery_messageattempt": "message_id = ANY(%(messages)s::uuid[])",
    },
    Scope.DAYS: {
        "surveys_invitation": (
            "(credited_team_id, belongs_on) IN (SELECT * FROM unnest(%(teams)s::bigint[], %(days)s::date[]))"
        ),
        "surveys_responsetally": (
            "(team_id, day) IN (SELECT * FROM unnest(%(teams)s::bigint[], %(days)s::date[]))"
        ),
        "surveys_indicatortally": (
            "(team_id, day) IN (SELECT * FROM unnest(%(teams)s::bigint[], %(days)s::date[]))"
        ),
        "surveys_agenttally": (
            "(team_id, day) IN (SELECT * FROM unnest(%(teams)s::bigint[], %(days)s::date[]))"
        ),
    },
    Scope.CAMPAIGNS: {
        "nps_campaign": "id = ANY(%(campaigns)s::uuid[])",
        "nps_campaignstratum": "campaign_id = ANY(%(campaigns)s::uuid[])",
        "nps_campaignwave": "campaign_id = ANY(%(campaigns)s::uuid[])",
        "nps_campaignmember": "campaign_id = ANY(%(campaigns)s::uuid[])",
        "surveys_invitation": (
            "id = ANY(%(invitations)s::uuid[])"
            " OR id IN (SELECT invitation_id FROM nps_campaignmember WHERE campaign_id = "
            "ANY(%(campaigns)s::uuid[]))"
        ),
    },
}

_INVITATIONS = """
    SELECT id FROM surveys_invitation WHERE id >= %(first_key)s
    UNION SELECT id FROM surveys_invitation WHERE voided_at >= %(since)s
    UNION SELECT invitation_id FROM surveys_response WHERE submitted_at >= %(since)s
    UNION SELECT message.subject_id FROM delivery_message message
        WHERE message.subject_kind = 'invitation' AND message.id >= %(first_key)s
    UNION SELECT message.subject_id FROM delivery_messageattempt attempt
        JOIN delivery_message message ON message.id = attempt.message_id
          AND message.subject_kind = 'invitation'
        WHERE attempt.id >= %(first_key)s
"""
_EVENTS = """
    SELECT id FROM service_events_serviceevent WHERE updated_at >= %(since)s
    UNION SELECT event_id FROM service_events_serviceeventtransition WHERE id >= %(first_key)s
    UNION SELECT service_event_id FROM surveys_invitation WHERE id = ANY(%(invitations)s)
      AND service_event_id IS NOT NULL
    UNION SELECT service_event_id FROM surveys_eventdecision WHERE invitation_id = ANY(%(invitations)s)
"""
_ALL_INVITATIONS = """
    SELECT unnest(%(invitations)s::uuid[])
    UNION SELECT invitation_id FROM surveys_eventdecision WHERE service_event_id = ANY(%(events)s)
      AND invitation_id IS NOT NULL
    UNION SELECT id FROM surveys_invitation WHERE service_event_id = ANY(%(events)s)
"""
_MESSAGES = """
    SELECT id FROM delivery_message WHERE subject_kind = 'invitation' AND subject_id = ANY(%(invitations)s)
    UNION SELECT id FROM delivery_message WHERE id >= %(first_key)s
    UNION SELECT message_id FROM delivery_messageattempt WHERE id >= %(first_key)s
"""
_CAMPAIGNS = """
    SELECT id FROM nps_campaign WHERE updated_at >= %(since)s
    UNION SELECT campaign_id FROM nps_campaignmember WHERE invitation_id = ANY(%(invitations)s)
    UNION SELECT campaign_id FROM nps_campaignwave WHERE started_at >= %(since)s OR finished_at >= %(since)s
"""
_TEAM_DAYS = """
    SELECT DISTINCT invitation.credited_team_id, invitation.belongs_on
    FROM surveys_invitation invitation
    JOIN surveys_response response ON response.invitation_id = invitation.id
    WHERE invitation.id = ANY(%(invitations)s)
"""
