"""Counting: pending responses become counts, and counts the indicators of teams and months.

Low scores ask for a return visit.
"""

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from django.db import connection, transaction

from feedback_site.common.locks import Lock, is_alone
from feedback_site.customers.enums import Purpose
from feedback_site.evaluations.models import Indicator
from feedback_site.questionnaires.services.questionnaires import questionnaire_of
from surveys.enums import FollowUpReason, TallyMeasure
from surveys.services.follow_ups.following_up import ANSWERED_WITHIN, NewFollowUp, request_follow_ups
from surveys.services.responses.fees import flag_fees
from surveys.services.tallies.measuring import TeamMonth, measure_answers
from surveys.services.tallies.rated_subjects import Rated

_Cell = TypeVar("_Cell", bound=tuple[object, ...])

# What is claimed is gone with this transaction, and comes back if it fails. The rows are
# picked in an array, once: as a subquery of IN they may be picked again for every row.
_CLAIM = """
DELETE FROM surveys_pendingtally WHERE response_id = ANY(ARRAY(
    SELECT response_id FROM surveys_pendingtally ORDER BY response_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
))
RETURNING response_id
"""
# The ids come apart: a join with what was claimed would keep a plan from the
# time when the tables were small, and read all of them for every response.
_READ = """
SELECT i.purpose, i.belongs_on, i.credited_team_id, i.survey_id, i.kind_id, i.channel_id, i.segment_id,
  i.agent_id, r.satisfaction, r.nps,
    i.id, i.is_replayed, r.submitted_at, s.follow_up_at_most, r.ces, i.version_id, r.answers::text,
      o.is_counted
FROM surveys_response r
JOIN surveys_invitation i ON i.id = r.invitation_id
LEFT JOIN surveys_survey s ON s.id = i.survey_id
LEFT JOIN surveys_onsiteanswer o ON o.response_id = r.invitation_id AND o.response_id = ANY(%(ids)s)
WHERE r.invitation_id = ANY(%(ids)s) AND i.id = ANY(%(ids)s)
"""
_ADD_TO_CUBE = """
INSERT INTO surveys_responsetally AS tally (purpose, day, team_id, survey_id, kind_id, channel_id, segment_id,
  measure, value, count)
SELECT * FROM unnest(
    %s::text[], %s::date[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[],
      %s::smallint[], %s::int[]
)
ON CONFLICT (team_id, day, purpose, measure, value, survey_id, kind_id, channel_id, segment_id)
DO UPDATE SET count = tally.count + EXCLUDED.count
"""
_ADD_TO_AGENTS = """
INSERT INTO surveys_agenttally AS tally (purpose, day, team_id, agent_id, measure, value, count)
SELECT * FROM unnest(%s::text[], %s::date[], %s::bigint[], %s::bigint[], %s::text[], %s::smallint[],
  %s::int[])
ON CONFLICT (agent_id, team_id, day, purpose, measure, value)
DO UPDATE SET count = tally.count + EXCLUDED.count
"""


_ADD_TO_INDICATORS = """
INSERT INTO surveys_indicatortally AS tally (day, team_id, indicator_id, value, count)
SELECT * FROM unnest(%s::date[], %s::bigint[], %s::bigint[], %s::smallint[], %s::int[])
ON CONFLICT (team_id, day, indicator_id, value)
DO UPDATE SET count = tally.count + EXCLUDED.count
"""


# The same four things by name: in the main figures, and beside them.
_MAIN = (TallyMeasure.RESPONSE, TallyMeasure.SATISFACTION, TallyMeasure.NPS, TallyMeasure.CES)
_BESIDE = (
    TallyMeasure.ON_SITE,
    TallyMeasure.ON_SITE_SATISFACTION,
    TallyMeasure.ON_SITE_NPS,
    TallyMeasure.ON_SITE_CES,
)


class _Counted(NamedTuple):
    """One response as it is counted."""

    purpose: str
    day: date
    team_id: int
    survey_id: int | None
    kind_id: int | None
    channel_id: int | None
    segment_id: int | None
    agent_id: int | None
    satisfaction: int | None
    nps: int | None
    response_id: uuid.UUID
    is_replayed: bool
    submitted_at: datetime
    follow_up_at_most: int | None
    ces: int | None
    version_id: int
    answers: str
    # None for all that was not given to a code shown on site.
    is_counted_on_site: bool | None

    @property
    def is_beside(self) -> bool:
        """Whether it was given on site and is shown beside the main figures."""
        return self.is_counted_on_site is False

    @property
    def team_month(self) -> TeamMonth:
        """The team and the first day of the month that it counts for."""
        return self.team_id, self.day.replace(day=1)

    @property
    def rated(self) -> Rated:
        """What its rating counts for."""
        return Rated(self.team_id, self.day, self.agent_id, self.channel_id, self.kind_id)

    @property
    def is_rated_service(self) -> bool:
        """Whether the customer rated a service.

        What a return visit asks is a measure of its own, and so is what stands beside.
        """
        return self.purpose == Purpose.SURVEY and self.satisfaction is not None and not self.is_beside

    @property
    def measures(self) -> list[tuple[str, int]]:
        """What this response adds one to: `(measure, value)`."""
        found = zip(
            _BESIDE if self.is_beside else _MAIN, (0, self.satisfaction, self.nps, self.ces), strict=True
        )
        return [(measure.value, value) for measure, value in found if value is not None]

    @property
    def fed(self) -> dict[str, int]:
        """What the answers give to indicators, by slug.

        Only answers about a service feed any, each indicator once.
        """
        if self.purpose != Purpose.SURVEY or self.is_beside:
            return {}
        feeding = questionnaire_of(self.version_id).feeding
        answers = json.loads(self.answers) if feeding else {}
        given = ((question.indicator, question.fed(answers)) for question in feeding)
        return {indicator: value for indicator, value in given if value is not None}

    def follow_up(self, at: datetime) -> NewFollowUp | None:
        """Return what the survey rule asks for after such a rating.

        History, and answers of long ago, ask for nothing.
        """
        if self.satisfaction is None or self.purpose != Purpose.SURVEY or self.is_replayed:
            return None
        if self.satisfaction > (self.follow_up_at_most or 0) or at - self.submitted_at > ANSWERED_WITHIN:
            return None
        return NewFollowUp(self.response_id, FollowUpReason.LOW_SCORE, self.satisfaction)


@transaction.atomic
def consume_tallies(*, at: datetime, limit: int = 2000) -> int:
    """Count up to `limit` pending responses and return how many.

    The teams and months they touch are measured, low scores ask for return visits,
    and fees that differ from the ticket are flagged. One transaction, one worker at a
    time: the one who measures has seen every count before. 0 while another worker counts.
    """
    if not is_alone(Lock.TALLIES):
        return 0
    responses = _claim(limit)
    if not responses:
        return 0
    _add_to_cube(responses)
    _add_to_agents(responses)
    measure_answers(
        rated={response.rated for response in responses if response.is_rated_service},
        fed=_add_to_indicators(responses),
        at=at,
    )
    request_follow_ups(
        requests=[request for response in responses if (request := response.follow_up(at))], at=at
    )
    paid = [response for response in responses if questionnaire_of(response.version_id).fee_question]
    flag_fees(
        responses=[
            (response.response_id, response.version_id, json.loads(response.answers)) for response in paid
        ],
        at=at,
    )
    return len(responses)


def _claim(limit: int) -> list[_Counted]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"limit": limit})
        ids = [response_id for (response_id,) in cursor.fetchall()]
        if not ids:
            return []
        cursor.execute(_READ, {"ids": ids})
        return [_Counted(*row) for row in cursor.fetchall()]


def _add_to_cube(responses: Iterable[_Counted]) -> None:
    cells = Counter(
        (
            response.purpose,
            response.day,
            response.team_id,
            response.survey_id,
            response.kind_id,
            response.channel_id,
            response.segment_id,
            measure,
            value,
        )
        for response in responses
        for measure, value in response.measures
    )
    _upsert(_ADD_TO_CUBE, cells)


def _add_to_agents(responses: Iterable[_Counted]) -> None:
    cells = Counter(
        (response.purpose, response.day, response.team_id, response.agent_id, measure, value)
        for response in responses
        if response.agent_id is not None
        for measure, value in response.measures
    )
    _upsert(_ADD_TO_AGENTS, cells)


def _add_to_indicators(responses: Iterable[_Counted]) -> dict[Indicator, set[TeamMonth]]:
    """Count what the answers feed, and return the indicators with the teams and months that they touch."""
    found = [(response, slug, value) for response in responses for slug, value in response.fed.items()]
    if not found:
        return {}
    indicators = {
        indicator.slug: indicator
        for indicator in Indicator.objects.filter(slug__in={slug for _response, slug, _value in found})
    }
    fed: dict[Indicator, set[TeamMonth]] = {}
    cells: Counter[tuple[object, ...]] = Counter()
    for response, slug, value in found:
        # An organisation may have done away with an indicator since.
        if slug in indicators:
            fed.setdefault(indicators[slug], set()).add(response.team_month)
            cells[response.day, response.team_id, indicators[slug].pk, value] += 1
    _upsert(_ADD_TO_INDICATORS, cells)
    return fed


def _upsert(statement: str, cells: Mapping[_Cell, int]) -> None:
    if not cells:
        return
    # One order for all writers of cells, so that two of them never wait for each other.
    rows = sorted(((*cell, count) for cell, count in cells.items()), key=repr)
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
