"""Response times and resolution rates from completed events."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count, product
from types import SimpleNamespace

import pytest

from feedback_site.evaluations.enums import MeasurementSource, PeriodKind, SubjectKind
from feedback_site.evaluations.models import (
    EvaluationRecord,
    EvaluationScheme,
    Indicator,
    Measurement,
    SchemeItem,
)
from feedback_site.evaluations.services import measure_case_log
from feedback_site.service_events.enums import EventStatus
from feedback_site.service_events.models import Agent, ServiceEvent
from feedback_site.service_events.services import record_transition
from tests.factories.customers.case import upsert_customer
from tests.factories.evaluations.fixtures import NOVEMBER

OCTOBER = date(2026, 10, 1)


@pytest.fixture
def serve(organisation, scheme, noon):
    """Record a completed case of a team."""
    customer = upsert_customer(source="crm", external_id="C-1")
    numbers = count(1)

    def serve(
        team,
        *,
        completed_at=noon,
        responded_after=None,
        is_resolved=None,
        status=EventStatus.COMPLETED,
        **about,
    ):
        opened_at = completed_at - timedelta(hours=5)
        return ServiceEvent.objects.create(
            source="crm",
            external_id=f"T-{next(numbers)}",
            **{"kind": organisation.repair, "channel": organisation.phone} | about,
            team=team,
            credited_team=team,
            customer=customer,
            status=status,
            opened_at=opened_at,
            first_response_at=None
            if responded_after is None
            else opened_at + timedelta(hours=responded_after),
            completed_at=completed_at,
            is_resolved=is_resolved,
            content_hash=b"0" * 32,
        )

    return serve


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


def agent_of(team, code):
    return Agent.objects.create(source="crm", code=code, team=team)


def ask_for(*slugs, subjects=SubjectKind.values, periods=PeriodKind.values):
    """Let indicators be measured of more subjects and by more periods."""
    Indicator.objects.filter(slug__in=slugs).update(
        more_subject_kinds=list(subjects), more_period_kinds=list(periods)
    )


@pytest.fixture
def served(organisation, serve, noon):
    """Four services of two stations, on the phone and on site.

    Ann repairs two on the phone this week, Ben of the same station one on site the week before, which is
    handled as a complaint; west-1 one on the phone in the first half of the year.
    """
    ann, ben = agent_of(organisation.east_1, "ann"), agent_of(organisation.east_1, "ben")
    serve(organisation.east_1, is_resolved=True, agent=ann)
    serve(organisation.east_1, is_resolved=False, agent=ann, completed_at=noon - DAYS)
    serve(
        organisation.east_1,
        is_resolved=True,
        agent=ben,
        channel=organisation.on_site,
        kind=organisation.complaint,
        completed_at=noon - 7 * DAYS,
    )
    serve(organisation.west_1, is_resolved=True, completed_at=datetime(2026, 5, 5, tzinfo=UTC))
    return SimpleNamespace(ann=ann, ben=ben)


def rates(**about):
    """The resolution rate and its cases by the first day of a period."""
    rows = Measurement.objects.filter(indicator__slug="resolution_rate", n__gt=0, **about)
    return {str(row.period_start): (row.value, row.n) for row in rows}


def test_only_teams_are_measured_by_month_and_quarter_unless_more_is_asked_for(served, noon):
    measure_case_log(at=noon, everything=True)

    assert set(Measurement.objects.values_list("subject_kind", "period_kind")) == {
        ("team", "month"),
        ("team", "quarter"),
    }


def test_every_kind_of_subject_and_period_is_measured_where_asked_for(organisation, served, noon):
    ask_for("resolution_rate")

    measure_case_log(at=noon, everything=True)

    rows = Measurement.objects.filter(indicator__slug="resolution_rate", n__gt=0)
    assert set(rows.values_list("subject_kind", "period_kind")) == set(product(SubjectKind, PeriodKind))
    # The other indicator did not ask.
    assert not Measurement.objects.filter(
        indicator__slug="first_response_time", subject_kind="agent"
    ).exists()
    east_1, phone = organisation.east_1, organisation.phone
    assert rates(subject_kind="agent", team=east_1, agent=served.ann, period_kind="week") == {
        "2026-11-16": (50, 2)
    }
    assert rates(subject_kind="agent", agent=served.ben, period_kind="day") == {"2026-11-13": (100, 1)}
    assert set(rows.filter(subject_kind="agent").values_list("team", flat=True)) == {east_1.pk}
    assert rates(subject_kind="team", team=organisation.east, period_kind="week") == {
        "2026-11-09": (100, 1),
        "2026-11-16": (50, 2),
    }
    assert rates(subject_kind="channel", team=None, channel=phone, period_kind="half_year") == {
        "2026-01-01": (100, 1),
        "2026-07-01": (50, 2),
    }
    assert rates(subject_kind="channel", team=organisation.east, channel=phone, period_kind="year") == {
        "2026-01-01": (50, 2)
    }
    assert rates(subject_kind="kind", kind=organisation.complaint, team=east_1, period_kind="month") == {
        "2026-11-01": (100, 1)
    }
    assert rates(subject_kind="whole", period_kind="year") == {"2026-01-01": (75, 4)}


def test_a_run_of_what_changed_lately_measures_whole_periods(served, noon):
    ask_for("resolution_rate")
    measure_case_log(at=noon, everything=True)
    whole = {row.pk: (row.value, row.n) for row in Measurement.objects.all()}
    Measurement.objects.filter(period_start__gte=date(2026, 11, 9)).delete()
    ServiceEvent.objects.filter(completed_at__lt=noon - 100 * DAYS).update(updated_at=noon - DAYS)

    measure_case_log(at=noon)

    assert Measurement.objects.count() == len(whole)
    assert rates(subject_kind="whole", period_kind="year") == {"2026-01-01": (75, 4)}


def test_what_is_not_asked_for_any_more_has_no_cases(served, noon):
    ask_for("resolution_rate")
    measure_case_log(at=noon, everything=True)
    ask_for("resolution_rate", subjects=["whole"], periods=[])

    measure_case_log(at=noon, everything=True)

    rows = Measurement.objects.filter(indicator__slug="resolution_rate", n__gt=0)
    assert set(rows.values_list("subject_kind", "period_kind")) == set(
        product(["team", "whole"], ["month", "quarter"])
    )


def test_a_scheme_has_records_of_its_subject_and_its_periods(served, scheme, noon):
    ask_for("resolution_rate")
    for_agents = EvaluationScheme.objects.create(
        slug="agents",
        names={"en": "Agents"},
        subject_kind="agent",
        period_kinds=["week", "half_year"],
        least_weight_covered=1,
    )
    SchemeItem.objects.create(
        scheme=for_agents, indicator=Indicator.objects.get(slug="resolution_rate"), weight=100
    )

    measure_case_log(at=noon, everything=True)

    records = EvaluationRecord.objects.filter(scheme=for_agents).order_by("period_kind", "agent__code")
    assert [(row.agent.code, row.period_kind) for row in records] == [
        ("ann", "half_year"),
        ("ben", "half_year"),
        ("ann", "week"),
        ("ben", "week"),
    ]
    assert set(EvaluationRecord.objects.filter(scheme=scheme).values_list("subject_kind", "period_kind")) == {
        ("team", "month"),
        ("team", "quarter"),
        ("team", "year"),
    }
