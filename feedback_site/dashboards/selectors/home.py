"""Everything the staff's first page shows."""

from dataclasses import dataclass
from datetime import datetime

from feedback_site.accounts.models import User
from feedback_site.accounts.selectors import organisation_settings
from feedback_site.dashboards.selectors import today
from feedback_site.dashboards.selectors.shown import ShownMean, ShownShare
from feedback_site.dashboards.selectors.teams import TeamRow, team_rows


@dataclass(frozen=True, slots=True)
class Home:
    """The first page within the reader's scope.

    `low_ratings` and `attention` are None for readers who may not see cases.

    `on_site` are ratings that customers gave to a code that
    staff showed, where they do not count in `satisfaction`.
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
    day = today.today_of(user=user, at=at)
    asked = today.asked_lately(day)
    satisfaction, on_site = today.satisfaction(day)
    return Home(
        events=today.events_today(day),
        sent_in_time=today.sent_in_time(day),
        response_rate=today.response_rate(day, asked),
        response_rate_goal=organisation_settings().response_rate_goal,
        satisfaction=satisfaction,
        on_site=on_site,
        teams=team_rows(choices=day.choices, month=day.month, asked=today.asked_this_month(day, asked)),
        low_ratings=today.low_ratings(user=user) if user.has_perm("surveys.view_response") else None,
        attention=today.attention(user=user, at=at) if user.has_perm("delivery.view_message") else None,
    )
