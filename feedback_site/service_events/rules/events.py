"""What can be true of an event: its times, and what may happen to it next."""

from datetime import UTC, datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback_site.service_events.enums import EventStatus, TransitionType

# Clocks of other systems run ahead a little; more than this is a mistake.
CLOCK_TOLERANCE = timedelta(minutes=5)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# What the site calls its own numbers: no system and no file speaks in its name.
OWN_SOURCES = frozenset({"voice", "questionnaire", "preference page"})
# What systems call the ticket's amount among the attributes of an event.
AMOUNT = "amount"
NOT_BEFORE_OPENING = ("first_response_at", "arrived_at", "completed_at")
# Facts that are known only at the end; a completion may bring them.
COMPLETION_FACTS = frozenset({"is_resolved", "first_response_at", "arrived_at", "handovers"})
# What a correction may change. Kind, service channel, agent, segment, customer
# and the times of opening and completion are not among them: they say whose
# work it was and what was asked about, and answers are counted by them.
CORRECTABLE_FACTS = COMPLETION_FACTS | {
    "team",
    "priority",
    "is_complaint",
    "level",
    "complexity",
    "area",
    "eta_told_at",
    "product_line",
    "is_in_warranty",
}


def is_in_the_future(moment: datetime, *, at: datetime) -> bool:
    """Return whether `moment` is further ahead of `at` than clocks differ."""
    return moment > at + CLOCK_TOLERANCE


def is_before_records_began(moment: datetime) -> bool:
    """Return whether `moment` is before 2000: a default of some system, not a time of a service."""
    return moment < EARLIEST


_IS_SUPERSEDED = _("The event was superseded: send what happens to the event that replaced it.")
_IS_OPEN = _("The event is open: only a completed or cancelled one is reopened.")
# What cannot happen to an event that stands so, and what to send instead. A correction can always be made.
_NOT_NOW: dict[tuple[EventStatus, TransitionType], Promise] = {
    (EventStatus.COMPLETED, TransitionType.COMPLETED): _(
        "The event is completed: reopen it before it is completed again, or send other facts as a correction."
    ),
    (EventStatus.CANCELLED, TransitionType.COMPLETED): _(
        "The event is cancelled: reopen it before it is completed."
    ),
    (EventStatus.OPEN, TransitionType.REOPENED): _IS_OPEN,
    (EventStatus.REOPENED, TransitionType.REOPENED): _IS_OPEN,
    (EventStatus.CANCELLED, TransitionType.CANCELLED): _("The event is cancelled already."),
    **{
        (EventStatus.SUPERSEDED, kind): _IS_SUPERSEDED
        for kind in TransitionType
        if kind is not TransitionType.CORRECTED
    },
}


def why_not_now(status: EventStatus, kind: TransitionType) -> str:
    """Return why a transition cannot happen to an event in this status, and what to send instead.

    Empty when it can.
    """
    return str(_NOT_NOW.get((status, kind), ""))
