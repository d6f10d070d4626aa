"""What happened today, and how customers answered lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone

from feedback_site.accounts.models import User
from feedback_site.customers.enums import Purpose
from feedback_site.dashboards.selectors.shown import ShownMean, ShownShare, countable, shown_mean, shown_share
from feedback_site.delivery.enums import MessageStatus
from feedback_site.delivery.models import Message
from feedback_site.service_events.models import ServiceEvent
from surveys.enums import QuestionType, TallyMeasure
from surveys.models import Invitation, Response, ResponseTally
from surveys.services.inviting import MESSAGE_SUBJECT

WINDOW_DAYS = 30
RESPONSE_RATE_GOAL = 60
_LOW_RATING, _LOW_RATINGS_SHOWN = 2, 6
_TROUBLE = [MessageStatus.UNCERTAIN, MessageStatus.FAILED, MessageStatus.MISSED]


@dataclass(frozen=True, slots=True)
class EventsToday:
    """How many events were recorded and how many completed today."""

    recorded: int
    completed: int


@dataclass(frozen=True, slots=True)
class LowRating:
    """One response of a dissatisfied customer, for those who may see single cases."""

    response: Response
    comment: str


@dataclass(frozen=True, slots=True)
class Attention:
    """Today's messages that need a person, by status."""

    uncertain: int
    failed: int
    missed: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.uncertain + self.failed + self.missed


def day_of(at: datetime) -> tuple[date, datetime, datetime]:
    """Return the site's local day of a moment, with its beginning and end."""
    day = timezone.localdate(at)
    start, end = (timezone.make_aware(datetime.combine(day + timedelta(days=days), time())) for days in (0, 1))
    return day, start, end


def events_today(*, user: User, at: datetime) -> EventsToday:
    """Count today's events; history that was loaded today is not today's work."""
    _day, start, end = day_of(at)
    recorded = Q(recorded_at__gte=start, recorded_at__lt=end)
    completed = Q(completed_at__gte=start, completed_at__lt=end)
    # Whatever was recorded or completed today was also changed today: that is indexed.
    rows = countable(ServiceEvent.objects.all(), user).filter(recorded | completed, updated_at__gte=start, is_replayed=False)
    counts = rows.aggregate(recorded=Count("pk", filter=recorded), completed=Count("pk", filter=completed))
    return EventsToday(**counts)


def sent_in_time(*, user: User, at: datetime) -> ShownShare:
    """Return the share of today's headline invitations whose first message left by its deadline.

    An invitation counts once its message has left or its deadline has passed: one that stands still counts as late.
    """
    _day, start, end = day_of(at)
    sent = Message.objects.filter(
        subject_kind=MESSAGE_SUBJECT,
        subject_id=OuterRef("pk"),
        step="first",
        status=MessageStatus.SENT,
        sent_at__lte=OuterRef("deadline_at"),
    )
    due = countable(Invitation.objects.counted(), user).filter(
        due_at__gte=start, due_at__lt=end, is_in_headline=True, is_replayed=False, purpose=Purpose.SURVEY
    )
    in_time = Q(is_in_time=True)
    counts = due.annotate(is_in_time=Exists(sent)).aggregate(
        in_time=Count("pk", filter=in_time), settled=Count("pk", filter=in_time | Q(deadline_at__lt=at))
    )
    return shown_share(counts["in_time"], counts["settled"])


def response_rate(*, user: User, at: datetime) -> ShownShare:
    """Return RR1 (AAPOR) of the last 30 days: answered of all unvoided survey invitations, sent or not."""
    counts = surveyed(user, first=day_of(at)[0] - timedelta(days=WINDOW_DAYS - 1)).aggregate(
        answered=Count("answered_at"), invited=Count("pk")
    )
    return shown_share(counts["answered"], counts["invited"])


def surveyed(user: User, *, first: date) -> Any:
    """Return the denominator of the response rate from a day on: unvoided, sent or not, history included."""
    return countable(Invitation.objects.counted(), user).filter(purpose=Purpose.SURVEY, belongs_on__gte=first)


def satisfaction(*, user: User, at: datetime, measure: TallyMeasure = TallyMeasure.SATISFACTION) -> ShownMean:
    """Return the ratings of the last 30 days from their tallies; by `ON_SITE_SATISFACTION` those that stand beside them."""
    first = day_of(at)[0] - timedelta(days=WINDOW_DAYS - 1)
    rows = ResponseTally.objects.for_user(user).filter(purpose=Purpose.SURVEY, measure=measure, day__gte=first)
    by_value = dict(rows.values_list("value").annotate(total=Sum("count")))
    return shown_mean([by_value.get(value, 0) for value in range(1, 6)])


def low_ratings(*, user: User) -> list[LowRating]:
    """Return the latest ratings of 1 and 2 within scope."""
    rows = Response.objects.for_user(user).filter(satisfaction__lte=_LOW_RATING)
    related = ("invitation__credited_team", "invitation__kind", "invitation__agent", "invitation__version")
    return [LowRating(row, comment_of(row)) for row in rows.select_related(*related).order_by("-submitted_at")[:_LOW_RATINGS_SHOWN]]


def comment_of(response: Response) -> str:
    """Return the first answer to a text question."""
    questions: Sequence[dict[str, Any]] = response.invitation.version.document["questions"]
    texts = (response.answers.get(question["key"]) for question in questions if question["type"] == QuestionType.TEXT)
    return next((str(text) for text in texts if text), "")


def attention(*, user: User, at: datetime) -> Attention:
    """Count today's messages whose end needs a person."""
    _day, start, end = day_of(at)
    rows = countable(Message.objects.all(), user).filter(due_at__gte=start, due_at__lt=end, status__in=_TROUBLE)
    counts = dict(rows.values_list("status").annotate(total=Count("pk")))
    return Attention(**{status.value: counts.get(status.value, 0) for status in _TROUBLE})
