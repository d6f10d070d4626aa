"""The case log measured for agents, channels and kinds, by every kind of period, where schemes ask for it."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from types import SimpleNamespace

import pytest

from feedback_site.evaluations.enums import PeriodKind, SubjectKind
from feedback_site.evaluations.models import (
    EvaluationRecord,
    EvaluationScheme,
    Indicator,
    Measurement,
    SchemeItem,
)
from feedback_site.evaluations.services import measure_case_log
from feedback_site.service_events.models import Agent, ServiceEvent

DAYS = timedelta(days=1)


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
