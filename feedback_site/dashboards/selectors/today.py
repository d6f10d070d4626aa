"""What happened today, and how customers answered lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, DateField, DateTimeField, Exists, F, Func, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.customers.enums import Purpose
from feedback_site.dashboards.selectors.cases import InvitedCases, count_asked, count_completed
from feedback_site.dashboards.selectors.filters import FigureChoices, FigureFilter, load_scope
from feedback_site.dashboards.selectors.satisfaction import rated
from feedback_site.dashboards.selectors.shown import ShownMean, ShownShare, countable, shown_share
from feedback_site.delivery.enums import MessageStatus
from feedback_site.delivery.models import Message
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.service_events.models import ServiceEvent
from surveys.enums import InvitationOrigin, ResponseMode
from surveys.models import Invitation, Response
from surveys.services.invitations.inviting import MESSAGE_SUBJECT

WINDOW_DAYS = 30
_LOW_RATING, _LOW_RATINGS_SHOWN = 2, 6
_TROUBLE = [MessageStatus.UNCERTAIN, MessageStatus.FAILED, MessageStatus.MISSED]


@dataclass(frozen=True, slots=True)
class EventsToday:
    """How many events were recorded and how many completed today."""

    recorded: int
    completed: int


@dataclass(frozen=True, slots=True)
class LowRating:
    """One response of a dissatisfied customer, for readers who may see single cases.

    `mark` says so where staff typed it.
    """

    response: Response
    comment: str
    mark: str


@dataclass(frozen=True, slots=True)
class Attention:
    """Today's messages that need a person, by status."""

    uncertain: int
    failed: int
    missed: int

    @property
    def total(self) -> int:
        """How many there are of all statuses."""
        return self.uncertain + self.failed + self.missed


@dataclass(frozen=True, slots=True)
class Today:
    """Whose cases the page counts, and when.

    They are those of the credited teams in scope, on the local day `day` of each team.
    """

    choices: FigureChoices
    day: date
    at: datetime

    @property
    def credited(self) -> dict[str, list[int]]:
        """The condition on a case's credited team."""
        return (
            {} if self.choices.sees_all else {"credited_team__in": [team.pk for team in self.choices.teams]}
        )

    @property
    def month(self) -> date:
        """The first day of the month."""
        return self.day.replace(day=1)

    def back(self, days: int = 1) -> FigureFilter:
        """Return the filter of the last so many days, today included: the figures' own."""
        return FigureFilter(from_on=self.day - timedelta(days=days - 1), to_on=self.day)


def today_of(*, user: User, at: datetime) -> Today:
    """Return the reader's day: the site's date, by which each team's cases are those of its own clock."""
    return Today(load_scope(user=user), timezone.localdate(at), at)


def events_today(today: Today) -> EventsToday:
    """Count the cases completed today, as the figures count them, and the events recorded today.

    Loaded history is not today's work.
    """
    filter_of_day = today.back()
    local = Func(
        F("credited_team__time_zone"), F("recorded_at"), function="timezone", output_field=DateTimeField()
    )
    earliest, latest = filter_of_day.moments
    # Whatever was recorded today was also changed since: that is indexed.
    rows = ServiceEvent.objects.filter(
        updated_at__gte=earliest,
        recorded_at__gte=earliest,
        recorded_at__lt=latest,
        is_replayed=False,
        **today.credited,
    )
    recorded = rows.annotate(local_day=Cast(local, DateField())).filter(local_day=today.day).count()
    return EventsToday(recorded=recorded, completed=count_completed(filter_of_day, choices=today.choices))


def sent_in_time(today: Today) -> ShownShare:
    """Return the share of headline invitations of today's cases whose first message left by its deadline.

    An invitation counts once its message has left or its
    deadline has passed: one that stands still counts as late.
    """
    sent = Message.objects.filter(
        subject_kind=MESSAGE_SUBJECT,
        subject_id=OuterRef("pk"),
        step="first",
        status=MessageStatus.SENT,
        sent_at__lte=OuterRef("deadline_at"),
    )
    due = Invitation.objects.counted().filter(
        belongs_on=today.day, is_in_headline=True, is_replayed=False, purpose=Purpose.SURVEY, **today.credited
    )
    in_time = Q(is_in_time=True)
    counts = due.annotate(is_in_time=Exists(sent)).aggregate(
        in_time=Count("pk", filter=in_time), settled=Count("pk", filter=in_time | Q(deadline_at__lt=today.at))
    )
    return shown_share(counts["in_time"], counts["settled"])


def asked_lately(today: Today) -> list[InvitedCases]:
    """Return who was invited and answered, per team and day, of the last 30 days and of the whole month."""
    first = min(today.back(WINDOW_DAYS).from_on, today.month)
    return count_asked(FigureFilter(from_on=first, to_on=today.day), choices=today.choices)


def response_rate(today: Today, asked: Sequence[InvitedCases]) -> ShownShare:
    """Return RR1 (AAPOR) of the last 30 days.

    It is answered of all unvoided survey invitations, sent or not, history included.
    """
    rows = [row for row in asked if row.day >= today.back(WINDOW_DAYS).from_on]
    return shown_share(sum(row.answered for row in rows), sum(row.invited for row in rows))


def asked_this_month(today: Today, asked: Sequence[InvitedCases]) -> dict[int, tuple[int, int]]:
    """Return (answered, invited) of the month per credited team."""
    counts: dict[int, tuple[int, int]] = {}
    for row in asked:
        if row.day >= today.month:
            before = counts.get(row.team_id, (0, 0))
            counts[row.team_id] = (before[0] + row.answered, before[1] + row.invited)
    return counts


def satisfaction(today: Today) -> tuple[ShownMean, ShownMean]:
    """Return the ratings of the last 30 days, and those given on site that stand beside them."""
    return rated(today.back(WINDOW_DAYS), choices=today.choices)


def low_ratings(*, user: User) -> list[LowRating]:
    """Return the latest ratings of 1 and 2 of the cases that `user` may see, each with how it came about."""
    rows = Response.objects.for_user(user).filter(satisfaction__lte=_LOW_RATING)
    related = (
        "invitation__credited_team",
        "invitation__kind",
        "invitation__agent",
        "invitation__version",
        "interview__interviewer",
    )
    found = rows.select_related(*related).order_by("-submitted_at")[:_LOW_RATINGS_SHOWN]
    return [LowRating(row, comment_of(row), mark_of(row)) for row in found]


def mark_of(response: Response) -> str:
    """Return what tells a rating that staff typed from a customer's own; empty for the customer's own."""
    invitation = response.invitation
    if invitation.origin == InvitationOrigin.INTERVIEW:
        return _("typed by staff in a return visit, not in the satisfaction figures")
    if hasattr(response, "interview"):
        interviewer = response.interview.interviewer
        return _("typed by staff: %(name)s") % {
            "name": interviewer.get_full_name() or interviewer.get_username()
        }
    if invitation.origin == InvitationOrigin.IMPORTED:
        return _("imported from elsewhere")
    return _("answered on site") if response.mode == ResponseMode.ON_SITE else ""


def comment_of(response: Response) -> str:
    """Return the first answer to a text question."""
    texts = (
        response.answers.get(question.key)
        for question in response.invitation.version.content.questions
        if QUESTION_CLASSES[question.type].is_comment
    )
    return next((str(text) for text in texts if text), "")


def attention(*, user: User, at: datetime) -> Attention:
    """Count today's messages whose end needs a person, by the team that sees them now."""
    start, end = (
        timezone.make_aware(datetime.combine(timezone.localdate(at) + timedelta(days=days), time()))
        for days in (0, 1)
    )
    rows = countable(Message.objects.all(), user).filter(
        due_at__gte=start, due_at__lt=end, status__in=_TROUBLE
    )
    counts = dict(rows.values_list("status").annotate(total=Count("pk")))
    return Attention(**{status.value: counts.get(status.value, 0) for status in _TROUBLE})
