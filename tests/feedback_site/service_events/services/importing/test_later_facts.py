"""Files finish what earlier files began.

What a row adds becomes a transition, what it contradicts is listed.
"""

import pytest

from feedback_site.customers.models import Customer
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from tests.factories.service_events.imports import counts, reasons

CHINA = {"time_zone": "Asia/Shanghai"}
_NAMES = [
    "source",
    "external_id",
    "kind",
    "channel",
    "team",
    "customer.external_id",
    "customer.phone",
    "opened_at",
]
HEADINGS = ",".join([*_NAMES, "completed_at", "cancelled_at", "reopened_at", "is_resolved", "agent"])


def row(number, *, kind="after_sales_repair", phone="13812345678", team="east-1", **said):
    later = ",".join(
        said.get(name, "") for name in ("completed", "cancelled", "reopened", "resolved", "agent")
    )
    return f"daily,{number},{kind},phone,{team},C-{number},{phone},2026-01-05 9:00,{later}"


@pytest.fixture
def day(imported):
    """Another day's file."""

    def day(*lines, **options):
        return imported(data="\n".join([HEADINGS, *lines]).encode(), mapping=CHINA, **options)

    return day


def steps(number):
    return list(
        ServiceEventTransition.objects.filter(event__external_id=number)
        .order_by("at")
        .values_list("type", flat=True)
    )


def test_a_row_that_only_adds_a_completion_completes_its_event(day):
    day(row(1), row(2), row(3, completed="2026-01-05 17:00"))

    second = day(
        row(1, completed="2026-01-06 11:00", resolved="是"),
        row(2),
        row(3, completed="2026-01-05 17:00"),
        row(4, completed="2026-01-06 12:00"),
    )

    event = ServiceEvent.objects.get(external_id="1")
    assert (counts(second), second.continued, second.completed) == ((1, 2, 0), 1, 2)
    assert (event.status, event.is_resolved, event.completed_at.isoformat()) == (
        "completed",
        True,
        "2026-01-06T03:00:00+00:00",
    )
    assert event.transitions.get().details == {"is_resolved": True}
    again = day(row(1, completed="2026-01-06 11:00", resolved="是"))
    assert (counts(again), again.continued, steps("1")) == ((0, 1, 0), 0, ["completed"])


def test_a_case_is_completed_reopened_completed_again_and_cancelled_by_files(day):
    day(row(1, completed="2026-01-05 10:00"))

    reopened = day(row(1, completed="2026-01-05 10:00", reopened="2026-01-06 9:00"))
    completed = day(row(1, completed="2026-01-06 10:00", reopened="2026-01-06 9:00"))
    cancelled = day(
        row(1, completed="2026-01-06 10:00", reopened="2026-01-06 9:00", cancelled="2026-01-07 9:00")
    )

    assert [one.continued for one in (reopened, completed, cancelled)] == [1, 1, 1]
    assert steps("1") == ["completed", "reopened", "completed", "cancelled"]
    assert ServiceEvent.objects.get().status == "cancelled"


def test_a_new_case_may_arrive_cancelled(day):
    first = day(row(1, cancelled="2026-01-06 9:00"))

    assert (counts(first), ServiceEvent.objects.get().status, steps("1")) == (
        (1, 0, 0),
        "cancelled",
        ["cancelled"],
    )


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ({"completed": "2026-01-06 10:00"}, "The event is completed: reopen it before it is completed again"),
        ({"reopened": "2026-01-04 9:00"}, "This is before what is already on record of the event."),
        ({"kind": "complaint_handling", "cancelled": "2026-01-06 9:00"}, "What differs: kind."),
        ({"agent": "A17"}, "What differs: agent."),
        ({"phone": "13912345678"}, "What differs: customer."),
    ],
)
def test_what_contradicts_the_record_is_listed_and_nothing_of_the_row_is_taken_in(day, second, reason):
    day(row(1, completed="2026-01-05 10:00"))

    event_import = day(row(1, **second))

    assert (counts(event_import), event_import.continued) == ((0, 0, 1), 0)
    assert reason in reasons(event_import)[2]
    assert steps("1") == ["completed"]


def test_what_a_row_leaves_out_contradicts_nothing(day):
    day(row(1, agent="A17", resolved="是", completed="2026-01-05 10:00"))

    assert counts(day(row(1, phone=""))) == (0, 1, 0)


@pytest.mark.parametrize("owner", ["quinn", "wei"])
@pytest.mark.parametrize("phone", ["13812345678", "13912345678"])
def test_events_of_other_teams_are_neither_changed_nor_shown(day, staff, owner, phone):
    """East's file names a case of the west, brought in by a file of the whole organisation or of the west.

    Its number, customer and moment.

    It means a case of its own, and the reply is that of a number that is on record nowhere.
    """
    staff.wei.groups.set(staff.ada.groups.all())
    day(row(1, team="west-1", agent="A17"), by=getattr(staff, owner))
    before = facts_of("west-1")

    stolen = day(
        row(1, team="east-1", phone=phone, completed="2026-01-06 10:00", resolved="是"), by=staff.ada
    )
    cancelled = day(
        row(1, team="east-1", phone=phone, completed="2026-01-06 10:00", cancelled="2026-01-07 9:00"),
        by=staff.ada,
    )
    unknown = day(
        row(2, team="east-1", phone=phone, completed="2026-01-06 10:00", resolved="是"), by=staff.ada
    )

    assert (counts(stolen), stolen.completed, stolen.continued, reasons(stolen)) == ((1, 0, 0), 1, 0, {})
    assert (counts(unknown), unknown.completed, unknown.continued, reasons(unknown)) == ((1, 0, 0), 1, 0, {})
    assert (counts(cancelled), cancelled.continued) == ((0, 0, 0), 1)
    assert facts_of("west-1") == before
    ((own, status, customer, transitions),) = [
        fact for fact in facts_of("east-1") if fact[0].external_id == "1"
    ]
    assert (own.intake_team.code, status, transitions) == ("east", "cancelled", ["completed", "cancelled"])
    assert customer["pk"] != before[0][2]["pk"]


def facts_of(team):
    """Every event of a team, with its status, its customer's row and its transitions."""
    return [
        (
            event,
            event.status,
            dict(Customer.objects.values("pk", "phone_mask").get(pk=event.customer_id)),
            steps_of(event),
        )
        for event in ServiceEvent.objects.filter(team__code=team).order_by("pk")
    ]


def steps_of(event):
    return list(event.transitions.order_by("at").values_list("type", flat=True))


def test_differing_times_are_shown_in_the_zone_of_the_file(day):
    day(row(1))

    event_import = day(row(1).replace("9:00", "8:00"))

    (problem,) = event_import.problems.all()
    assert problem.changes == {"opened_at": ["2026-01-05T09:00:00+08:00", "2026-01-05T08:00:00+08:00"]}
