"""Everything the staff's first page shows."""

from dataclasses import dataclass
from datetime import datetime

from feedback_site.accounts.models import User
from feedback_site.dashboards.selectors import today
from feedback_site.dashboards.selectors.shown import ShownMean, ShownShare
from feedback_site.dashboards.selectors.teams import TeamRow, team_rows
from surveys.enums import TallyMeasure


@dataclass(frozen=True, slots=True)
class Home:
    """The first page within the reader's scope; `low_ratings` and `attention` are None for those who may not see cases.

    `on_site` are ratings that customers gave to a code that staff showed, where they do not count in `satisfaction`.
    """

    events: today.EventsToday
    sent_in_time: ShownShare
    response_rate: ShownShare
    response_rate_goal: int
    satisfaction: ShownMean
    on_site: ShownMean
    teams: list[TeamRow]
    low_ratings: list[today.LowRating] | None
    attention: today.Attention | None


def home(*, user: User, at: datetime) -> Home:
    """Return the page's figures in a fixed number of queries."""
    return Home(
        events=today.events_today(user=user, at=at),
        sent_in_time=today.sent_in_time(user=user, at=at),
        response_rate=today.response_rate(user=user, at=at),
        response_rate_goal=today.RESPONSE_RATE_GOAL,
        satisfaction=today.satisfaction(user=user, at=at),
        on_site=today.satisfaction(user=user, at=at, measure=TallyMeasure.ON_SITE_SATISFACTION),
        teams=team_rows(user=user, at=at),
        low_ratings=today.low_ratings(user=user) if user.has_perm("surveys.view_response") else None,
        attention=today.attention(user=user, at=at) if user.has_perm("delivery.view_message") else None,
    )
