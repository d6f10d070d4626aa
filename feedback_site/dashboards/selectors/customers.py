"""The customers of a period: who was served, invited and heard, and who of them complained lately."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection

from feedback_site.accounts.selectors import organisation_settings
from feedback_site.dashboards.selectors.cases import CASES
from feedback_site.dashboards.selectors.filters import FigureChoices, FigureFilter, parameters_of

_COMPLAINANTS = """
    SELECT DISTINCT c.customer_id
    FROM service_events_serviceevent c
    JOIN accounts_team t ON t.id = c.credited_team_id
    WHERE c.is_complaint AND c.status <> 'cancelled' AND c.opened_at >= %(complained_earliest)s
      AND c.opened_at < %(latest)s
        AND (c.opened_at AT TIME ZONE t.time_zone)::date BETWEEN %(complained_from)s AND %(to_on)s
        AND (%(teams)s::bigint[] IS NULL OR c.credited_team_id = ANY(%(teams)s::bigint[]))
"""
# A customer counts once, with segment, kind and channel of the last case of the period.
_COUNTED = f"""
WITH complainants AS ({_COMPLAINANTS}), served AS (
    SELECT customer_id, bool_or(outcome = 'invited') AS is_invited, bool_or(is_submitted) AS is_respondent,
        (array_agg(segment ORDER BY day DESC, event_id DESC))[1] AS segment,
        (array_agg(kind ORDER BY day DESC, event_id DESC))[1] AS kind,
        (array_agg(channel ORDER BY day DESC, event_id DESC))[1] AS channel
    FROM ({CASES}) cases
    WHERE customer_id IS NOT NULL
    GROUP BY customer_id
)
SELECT TRUE, segment::text, kind::text, channel::text, complainants.customer_id IS NOT NULL, is_invited,
  is_respondent, count(*)
FROM served LEFT JOIN complainants USING (customer_id)
GROUP BY 1, 2, 3, 4, 5, 6, 7
UNION ALL
SELECT FALSE, NULL, NULL, NULL, TRUE, FALSE, FALSE, count(*)
FROM complainants LEFT JOIN served USING (customer_id)
WHERE served.customer_id IS NULL
HAVING count(*) > 0
"""  # noqa: S608 - constant text


class CustomerCount(NamedTuple):
    """How many customers are alike.

    Those not served in the period (`is_served` False) complained within the days before its end.
    """

    is_served: bool
    segment: str | None
    kind: str | None
    channel: str | None
    is_complainant: bool
    is_invited: bool
    is_respondent: bool
    people: int


def count_customers(figure_filter: FigureFilter, *, choices: FigureChoices) -> list[CustomerCount]:
    """Count the customers of the period. One statement.

    Complaints are those that the filter's teams received within
    the company's `complainant_days` before the period's end, of whatever kind and channel.
    """
    parameters: dict[str, Any] = parameters_of(figure_filter, choices)
    complained_from = figure_filter.to_on - timedelta(days=organisation_settings().complainant_days - 1)
    earliest, _latest = FigureFilter(from_on=complained_from, to_on=figure_filter.to_on).moments
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTED, {**parameters, "complained_from": complained_from, "complained_earliest": earliest}
        )
        return [CustomerCount(*row) for row in cursor.fetchall()]
