"""A case counts once, in the month in which it is concluded."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from feedback_site.accounts.models import Organisation
from feedback_site.accounts.selectors import remember_organisation
from feedback_site.evaluations.models import EvaluationRecord, Measurement
from feedback_site.evaluations.services import measure_case_log
from visits.models import Escalation, ReturnVisit
from visits.services.escalating import close_escalation
from visits.services.measuring import measure_verified_resolution

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def measured(team, month=NOVEMBER) -> tuple[Decimal | None, int] | None:
    row = Measurement.objects.filter(
        indicator__slug="verified_resolution_rate", team=team, period_start=month
    ).first()
    return row and (row.value, row.n)


def evidence(team, month=NOVEMBER) -> dict[str, int]:
    return Measurement.objects.get(
        indicator__slug="verified_resolution_rate", team=team, period_start=month
    ).evidence


def conclude(repairs, outcome, *, event=None, at=None, team=None) -> ReturnVisit:
    """A case of the team with this verdict, given as soon as it is due."""
    event = event or repairs.complaint(**({"team": team} if team else {}))
    visit = repairs.visit(event, at=at)
    repairs.attempt(visit, outcome)
    return ReturnVisit.objects.get(pk=visit.pk)


def test_the_verified_share_is_measured_with_wilsons_interval_for_the_team_and_those_above(
    repairs, organisation, noon
):
    for _ in range(3):
        conclude(repairs, "verified_resolved")
    failed = conclude(repairs, "not_resolved")
    after = Escalation.objects.get(visit=failed).deadline_at + HOUR

    assert measure_verified_resolution(at=after) == 2

    for team in (organisation.east_1, organisation.east):
        row = Measurement.objects.get(indicator__slug="verified_resolution_rate", team=team)
        assert (row.value, row.n, row.low, row.high) == (
            Decimal(75),
            4,
            Decimal("30.0642"),
            Decimal("95.4413"),
        )
        assert (row.period_kind, row.period_start, row.source, row.measured_at) == (
            "month",
            NOVEMBER,
            "return_visit",
            after,
        )
    assert evidence(organisation.east) == {
        "verified": 3,
        "not_verified": 1,
        "verified_at_first_visit": 3,
        "in_repair": 0,
    }


def test_three_failed_repairs_of_ten_are_70_percent_resolved_and_the_verified_rate_stands_beside_it(
    repairs, organisation, noon
):
    events = [repairs.complaint(is_resolved=True) for _ in range(10)]
    failed = [conclude(repairs, "not_resolved", event=event) for event in events[:3]]
    verified = [conclude(repairs, "verified_resolved", event=event) for event in events[3:5]]
    for visit in failed:
        repairs.complete(visit.service_event, at=visit.closed_at + HOUR)
        again = conclude(repairs, "verified_resolved", event=visit.service_event, at=visit.closed_at + HOUR)
    after = max(again.closed_at, *(visit.closed_at for visit in verified)) + HOUR

    measure_verified_resolution(at=after)
    measure_case_log(at=after)

    resolution = Measurement.objects.get(
        indicator__slug="resolution_rate", team=organisation.east_1, period_kind="month"
    )
    assert (resolution.value, resolution.n, resolution.evidence) == (70, 10, {"resolved": 7, "reopened": 3})
    assert measured(organisation.east_1) == (100, 5)


def test_a_parent_pools_the_cases_of_its_subtree(repairs, organisation, noon):
    conclude(repairs, "verified_resolved")
    conclude(repairs, "verified_resolved", team=organisation.east)
    conclude(repairs, "verified_resolved", team=organisation.west_1)

    measure_verified_resolution(at=noon + DAY)

    teams = (organisation.east_1, organisation.east, organisation.west_1, organisation.west)
    assert [measured(team) for team in teams] == [(100, 1), (100, 2), (100, 1), (100, 1)]


def test_the_journey_of_a_repair_moves_n_exactly_once(repairs, organisation, noon):
    conclude(repairs, "verified_resolved")
    measure_verified_resolution(at=noon + DAY)
    assert measured(organisation.east_1) == (100, 1)

    failed = conclude(repairs, "not_resolved")
    measure_verified_resolution(at=failed.closed_at + HOUR)
    assert measured(organisation.east_1) == (100, 1)
    assert evidence(organisation.east_1) == {
        "verified": 1,
        "not_verified": 0,
        "verified_at_first_visit": 1,
        "in_repair": 1,
    }

    repaired_at = failed.closed_at + HOUR
    repairs.complete(failed.service_event, at=repaired_at)
    measure_verified_resolution(at=repaired_at)
    assert measured(organisation.east_1) == (100, 1)

    verified = conclude(repairs, "verified_resolved", event=failed.service_event, at=repaired_at)
    measure_verified_resolution(at=verified.closed_at)
    measure_verified_resolution(at=verified.closed_at + 3 * DAY)
    assert measured(organisation.east_1) == (100, 2)
    assert evidence(organisation.east_1) == {
        "verified": 2,
        "not_verified": 0,
        "verified_at_first_visit": 1,
        "in_repair": 0,
    }


def test_a_case_in_repair_alone_is_no_figure(repairs, organisation, noon):
    conclude(repairs, "not_resolved")

    assert measure_verified_resolution(at=noon + DAY) == 0
    assert measured(organisation.east_1) is None


def test_an_escalation_past_its_deadline_counts_as_not_verified_until_the_repair_is_proved(
    repairs, organisation
):
    failed = conclude(repairs, "not_resolved")
    deadline = Escalation.objects.get().deadline_at
    measure_verified_resolution(at=deadline)
    assert measured(organisation.east_1) is None

    measure_verified_resolution(at=deadline + HOUR)
    assert measured(organisation.east_1) == (0, 1)

    repairs.complete(failed.service_event, at=deadline + HOUR)
    verified = conclude(repairs, "verified_resolved", event=failed.service_event, at=deadline + HOUR)
    measure_verified_resolution(at=verified.closed_at)
    assert measured(organisation.east_1) == (100, 1)


def test_an_escalation_closed_without_proof_counts_as_not_verified_at_once(repairs, organisation, staff):
    failed = conclude(repairs, "not_resolved")
    close_escalation(
        escalation=Escalation.objects.get(), by=staff.quinn, note="moved abroad", at=failed.closed_at + HOUR
    )

    measure_verified_resolution(at=failed.closed_at + HOUR)

    assert measured(organisation.east_1) == (0, 1)


@pytest.mark.parametrize("outcome", ["refused", "wrong_number"])
def test_a_case_about_which_no_caller_could_ask_does_not_count(repairs, organisation, noon, outcome):
    conclude(repairs, outcome)

    assert measure_verified_resolution(at=noon + DAY) == 0


def test_a_case_counts_in_the_month_of_its_conclusion_by_the_teams_zone(repairs, organisation):
    organisation.west_1.time_zone = "Europe/Paris"
    organisation.west_1.save()
    served = shanghai("11-30T09:00")
    times = {"opened_at": served - HOUR, "completed_at": served, "at": served}
    repairs.complaint(team=organisation.west_1, **times)
    repairs.visit(repairs.complaint(**times), at=served)
    both = list(ReturnVisit.objects.order_by("planned_at", "pk"))
    after_midnight_in_shanghai = shanghai("12-01T01:00")
    for visit in both:
        repairs.attempt(visit, "verified_resolved", at=after_midnight_in_shanghai)

    measure_verified_resolution(at=after_midnight_in_shanghai + DAY)

    assert (measured(organisation.east_1, DECEMBER), measured(organisation.west_1, NOVEMBER)) == (
        (100, 1),
        (100, 1),
    )
    assert (measured(organisation.east_1, NOVEMBER), measured(organisation.west_1, DECEMBER)) == (None, None)


def test_a_case_counts_though_its_repair_could_take_more_than_a_month(repairs, organisation):
    remember_organisation(Organisation(repair_within_days=31))
    conclude(repairs, "not_resolved")  # in November, to be repaired in January
    deadline = Escalation.objects.get().deadline_at

    remember_organisation(Organisation())
    measure_verified_resolution(at=deadline + 31 * DAY)

    assert (deadline.year, deadline.month) == (2027, 1)
    assert measured(organisation.east_1, date(2027, 1, 1)) == (0, 1)


def test_a_case_that_fails_later_leaves_the_month_in_which_it_was_verified(repairs, organisation):
    first = conclude(repairs, "verified_resolved")
    measure_verified_resolution(at=first.closed_at)
    months_later = first.closed_at + timedelta(days=80)
    ReturnVisit.objects.create(
        **{
            field: getattr(first, field)
            for field in (
                "plan",
                "trigger",
                "case_id",
                "service_event",
                "customer",
                "team",
                "credited_team",
                "mode",
                "max_attempts",
            )
        },
        planned_at=months_later,
        due_from=months_later,
        due_at=months_later,
        next_attempt_at=months_later,
    )
    again = ReturnVisit.objects.open().get()
    repairs.attempt(again, "not_resolved", by=repairs.staff.ada)

    measure_verified_resolution(at=months_later + HOUR / 2)

    assert measured(organisation.east_1) == (None, 0)
    assert measured(organisation.east_1, date(2027, 2, 1)) is None


def test_measuring_again_without_news_writes_nothing(
    repairs, organisation, noon, django_assert_max_num_queries
):
    conclude(repairs, "verified_resolved")
    assert measure_verified_resolution(at=noon + DAY) == 2

    with django_assert_max_num_queries(8):
        assert measure_verified_resolution(at=noon + 2 * DAY) == 0
    assert measure_verified_resolution(at=noon + 2 * DAY, everything=True) == 0


def test_old_months_are_measured_when_everything_is(repairs, organisation, noon):
    conclude(repairs, "verified_resolved")
    half_a_year_later = noon + timedelta(days=180)
    assert measure_verified_resolution(at=half_a_year_later) == 0

    assert measure_verified_resolution(at=half_a_year_later, everything=True) == 2
    assert measured(organisation.east_1) == (100, 1)


def test_no_record_changes_while_the_scheme_gives_the_rate_no_weight(repairs, organisation, noon):
    conclude(repairs, "verified_resolved")

    measure_verified_resolution(at=noon + DAY)

    lines = {line.indicator.slug for record in EvaluationRecord.objects.all() for line in record.lines.all()}
    assert "verified_resolution_rate" not in lines
