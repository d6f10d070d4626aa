"""Response times and resolution rates from completed events."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from feedback_site.evaluations.enums import MeasurementSource, PeriodKind
from feedback_site.evaluations.models import (
    EvaluationRecord,
    Measurement,
)
from feedback_site.evaluations.services import measure_case_log
from feedback_site.service_events.enums import EventStatus
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.services import record_transition
from tests.factories.evaluations.fixtures import NOVEMBER

OCTOBER = date(2026, 10, 1)


def measured(slug, team, start=NOVEMBER, kind=PeriodKind.MONTH):
    row = Measurement.objects.get(indicator__slug=slug, team=team, period_kind=kind, period_start=start)
    return row.value, row.n, row.low, row.high


def test_response_time_is_the_mean_of_the_known_ones_with_its_t_interval(organisation, serve, noon):
    for hours in (1, 2, 3, None):
        serve(organisation.east_1, responded_after=hours)

    measure_case_log(at=noon)

    # mean 2, sd 1, t(0.975, 2) = 4.302653: the lower end would be negative and stops at 0.
    assert measured("first_response_time", organisation.east_1) == (
        Decimal(2),
        3,
        Decimal(0),
        Decimal("4.4841"),
    )
    row = Measurement.objects.get(
        indicator__slug="first_response_time", team=organisation.east_1, period_kind="month"
    )
    assert (row.source, row.evidence, row.measured_at) == (MeasurementSource.CASE_LOG, {"completed": 4}, noon)


def test_resolution_rate_is_resolved_of_known_with_wilson_interval(organisation, serve, noon):
    for is_resolved in (True, True, True, False, None):
        serve(organisation.east_1, is_resolved=is_resolved)

    measure_case_log(at=noon)

    assert measured("resolution_rate", organisation.east_1) == (
        Decimal(75),
        4,
        Decimal("30.0642"),
        Decimal("95.4413"),
    )


DAYS = timedelta(days=1)


def tell(event, *facts):
    """Record facts of a case, each a day after the one before."""
    for number, kind in enumerate(facts, 1):
        at = event.completed_at + number * DAYS
        replacement = ServiceEvent.objects.exclude(pk=event.pk).first() if kind == "superseded" else None
        record_transition(
            event=event,
            type=kind,
            happened_at=at,
            at=at,
            superseded_by=replacement,
            facts={"is_resolved": True},
        )


def complete(event):
    """Put the completion of a written case on record as well."""
    event.transitions.create(type="completed", at=event.completed_at, recorded_at=event.completed_at)
    return event


def test_failed_repairs_stay_in_the_resolution_rate_as_not_resolved(organisation, serve, noon):
    cases = [complete(serve(organisation.east_1, is_resolved=True)) for _ in range(10)]
    tell(cases[0], "reopened")
    tell(cases[1], "reopened", "completed")
    tell(cases[2], "reopened", "completed", "corrected")

    measure_case_log(at=noon)

    assert measured("resolution_rate", organisation.east_1)[:2] == (Decimal(70), 10)
    row = Measurement.objects.get(
        indicator__slug="resolution_rate", team=organisation.east_1, period_kind="month"
    )
    assert row.evidence == {"resolved": 7, "reopened": 3}


@pytest.mark.parametrize(
    ("said", "facts", "counts"),
    [
        (True, [], (100, 1)),
        (False, [], (0, 1)),
        (None, [], None),
        (None, ["reopened"], (0, 1)),
        (True, ["reopened", "cancelled"], (0, 1)),
        (True, ["reopened", "superseded"], (0, 1)),
        (True, ["cancelled"], None),
        (True, ["superseded"], None),
        (False, ["corrected"], (100, 1)),
    ],
)
def test_a_case_has_one_outcome(organisation, serve, noon, said, facts, counts):
    serve(organisation.west_1)
    event = complete(serve(organisation.east_1, is_resolved=said))
    tell(event, *facts)

    measure_case_log(at=noon)

    row = Measurement.objects.filter(
        indicator__slug="resolution_rate", team=organisation.east_1, period_kind="month"
    ).first()
    assert (row and (row.value, row.n)) == counts


def test_a_reopening_before_the_first_completion_is_no_failed_repair(organisation, serve, noon):
    event = serve(organisation.east_1, is_resolved=True)
    for kind, hours in (("cancelled", 2), ("reopened", 1), ("completed", 0)):
        event.transitions.create(type=kind, at=noon - timedelta(hours=hours), recorded_at=noon)

    measure_case_log(at=noon)

    assert measured("resolution_rate", organisation.east_1)[:2] == (Decimal(100), 1)


def test_a_case_stays_in_the_month_of_its_first_completion_however_late_it_is_reopened(
    organisation, serve, noon
):
    event = complete(serve(organisation.east_1, is_resolved=True, completed_at=noon - 200 * DAYS))
    april, later = (noon - 200 * DAYS).date().replace(day=1), noon + timedelta(minutes=1)
    measure_case_log(at=noon, everything=True)
    before = measured("resolution_rate", organisation.east_1, april)[:2]
    for kind, at in (("reopened", noon), ("completed", later)):
        record_transition(event=event, type=kind, happened_at=at, at=at, facts={"is_resolved": True})
    ServiceEvent.objects.filter(pk=event.pk).update(updated_at=later)

    measure_case_log(at=later)

    assert (before, measured("resolution_rate", organisation.east_1, april)[:2]) == (
        (Decimal(100), 1),
        (Decimal(0), 1),
    )
    assert not Measurement.objects.filter(indicator__slug="resolution_rate", period_start=NOVEMBER).exists()


def test_a_parent_pools_the_cases_of_its_subtree(organisation, serve, noon):
    serve(organisation.east, responded_after=4)
    serve(organisation.east_1, responded_after=1)
    serve(organisation.east_1, responded_after=1)
    serve(organisation.west_1, responded_after=3)

    measure_case_log(at=noon)

    assert measured("first_response_time", organisation.east)[:2] == (Decimal(2), 3)
    assert measured("first_response_time", organisation.east_1)[:2] == (Decimal(1), 2)
    assert measured("first_response_time", organisation.west)[:2] == (Decimal(3), 1)


def test_a_case_belongs_to_the_month_of_its_teams_zone(organisation, serve, noon):
    midnight_in_shanghai = datetime(2026, 10, 31, 16, 0, tzinfo=UTC)
    organisation.west_1.time_zone = "Europe/Paris"
    organisation.west_1.save()
    serve(organisation.east_1, completed_at=midnight_in_shanghai, is_resolved=True)
    serve(organisation.west_1, completed_at=midnight_in_shanghai, is_resolved=True)

    measure_case_log(at=noon)

    resolved = Measurement.objects.filter(indicator__slug="resolution_rate", period_kind="month")
    months = dict(resolved.values_list("team__code", "period_start"))
    assert months == {"east-1": NOVEMBER, "east": NOVEMBER, "west-1": OCTOBER, "west": OCTOBER}


def test_reopened_cases_count_as_not_resolved_and_cancelled_ones_not_at_all(organisation, serve, noon):
    serve(organisation.east_1, is_resolved=True)
    serve(organisation.east_1, is_resolved=False, status=EventStatus.REOPENED)
    serve(organisation.east_1, is_resolved=False, status=EventStatus.CANCELLED)

    measure_case_log(at=noon)

    assert measured("resolution_rate", organisation.east_1)[:2] == (Decimal(50), 2)


def test_a_team_whose_only_case_was_reopened_is_stated_to_have_none(organisation, serve, noon):
    event = serve(organisation.east_1, responded_after=1)
    measure_case_log(at=noon)
    ServiceEvent.objects.filter(pk=event.pk).update(status=EventStatus.REOPENED)

    measure_case_log(at=noon)

    assert measured("first_response_time", organisation.east_1) == (None, 0, None, None)


def test_measuring_again_without_news_writes_nothing(organisation, serve, noon):
    for _ in range(10):
        serve(organisation.east_1, responded_after=1, is_resolved=True)

    counts = [measure_case_log(at=noon), measure_case_log(at=noon + timedelta(minutes=1))]

    assert counts == [4, 0]  # station and region, month and quarter
    assert set(Measurement.objects.values_list("measured_at", flat=True)) == {noon}


def test_measured_cases_reach_the_record(organisation, serve, noon):
    for _ in range(30):
        serve(organisation.east_1, responded_after=0.5, is_resolved=True)

    measure_case_log(at=noon)

    record = EvaluationRecord.objects.get(team=organisation.east_1, period_kind="month")
    assert (record.period_start, record.weight_covered, record.score, record.grade) == (
        NOVEMBER,
        Decimal(45),
        Decimal(100),
        "",
    )


def test_history_that_was_just_loaded_is_measured_and_older_months_are_left(organisation, serve, noon):
    old = serve(organisation.east_1, completed_at=noon - timedelta(days=400), is_resolved=True)
    ServiceEvent.objects.filter(pk=old.pk).update(updated_at=noon - timedelta(days=2))
    measure_case_log(at=noon)
    quiet = Measurement.objects.count()
    measure_case_log(at=noon, everything=True)
    everything = Measurement.objects.count()
    Measurement.objects.all().delete()
    ServiceEvent.objects.filter(pk=old.pk).update(updated_at=noon - timedelta(minutes=5))

    measure_case_log(at=noon)

    assert (quiet, everything, Measurement.objects.count()) == (0, 4, 4)


def test_a_quarter_pools_the_cases_of_its_months(organisation, serve, noon):
    for hours, resolved in ((1, True), (1, True), (1, True)):
        serve(
            organisation.east_1,
            completed_at=noon - timedelta(days=30),
            responded_after=hours,
            is_resolved=resolved,
        )
    serve(organisation.east_1, responded_after=3, is_resolved=False)

    measure_case_log(at=noon)

    # The months' means are 1 and 3: their average would be 2, the mean of the cases is 1.5.
    assert measured("first_response_time", organisation.east_1, OCTOBER, PeriodKind.QUARTER)[:2] == (
        Decimal("1.5"),
        4,
    )
    assert measured("resolution_rate", organisation.east, OCTOBER, PeriodKind.QUARTER)[:2] == (Decimal(75), 4)
    assert measured("resolution_rate", organisation.east_1, OCTOBER)[:2] == (Decimal(100), 3)


def test_a_quarter_that_began_before_the_last_month_is_measured_whole(organisation, serve, noon):
    """In December the previous month is November, and October still counts in the quarter."""
    serve(organisation.east_1, completed_at=noon - timedelta(days=40), is_resolved=True)
    ServiceEvent.objects.update(updated_at=noon - timedelta(days=40))

    measure_case_log(at=noon + timedelta(days=20))

    assert measured("resolution_rate", organisation.east_1, OCTOBER, PeriodKind.QUARTER)[:2] == (
        Decimal(100),
        1,
    )


def test_a_graded_month_and_its_quarter_have_records_of_their_own(organisation, serve, noon):
    for _ in range(30):
        serve(organisation.east_1, responded_after=0.5, is_resolved=True)

    measure_case_log(at=noon)

    records = EvaluationRecord.objects.filter(team=organisation.east_1).values_list(
        "period_kind", "period_start", "score"
    )
    assert set(records) == {("month", NOVEMBER, Decimal(100)), ("quarter", OCTOBER, Decimal(100))}


def test_months_and_quarters_together_take_a_fixed_number_of_statements(
    organisation, serve, noon, django_assert_max_num_queries
):
    for days in (0, 25, 70):
        serve(
            organisation.east_1, completed_at=noon - timedelta(days=days), responded_after=1, is_resolved=True
        )

    with django_assert_max_num_queries(22):
        measure_case_log(at=noon)

    assert set(EvaluationRecord.objects.values_list("period_kind", flat=True)) == {"month", "quarter"}
