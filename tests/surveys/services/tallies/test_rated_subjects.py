"""Satisfaction of every subject and period that is asked for, from tallies."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from feedback_site.evaluations.enums import PeriodKind, SubjectKind
from feedback_site.evaluations.models import Indicator, Measurement
from feedback_site.evaluations.services import load_after_sales_scheme
from feedback_site.service_events.models import Agent
from surveys.models import AgentTally, ResponseTally
from surveys.services.tallies.measuring import measure_answers
from surveys.services.tallies.rated_subjects import Rated

pytestmark = pytest.mark.django_db


@pytest.fixture
def rate(cast):
    """Tally one rating of an agent and return what it counts for."""
    load_after_sales_scheme()

    def rate(team, day, value, agent="", channel=None):
        place = {"day": day, "team": team, "measure": "satisfaction", "value": value, "count": 1}
        kind, channel = cast.organisation.repair, channel or cast.organisation.phone
        ResponseTally.objects.create(**place, survey=None, kind=kind, channel=channel)
        who = agent and Agent.objects.get_or_create(source="crm", code=agent, team=team)[0]
        if who:
            AgentTally.objects.create(**place, agent=who)
        return Rated(team.pk, day, who.pk if who else None, channel.pk, kind.pk)

    return rate


def satisfaction(**about):
    rows = Measurement.objects.filter(indicator__slug="customer_satisfaction", **about)
    return {str(row.period_start): (row.value, row.n) for row in rows}


def ask_for(subjects, periods):
    Indicator.objects.filter(slug="customer_satisfaction").update(
        more_subject_kinds=list(subjects), more_period_kinds=list(periods)
    )


def test_every_kind_of_subject_and_period_is_measured_where_asked_for(cast, rate, noon):
    ask_for(SubjectKind.values, PeriodKind.values)
    organisation = cast.organisation
    rated = [
        rate(organisation.east_1, date(2026, 11, 20), 5, "ann"),
        rate(organisation.east_1, date(2026, 11, 21), 2, "ben", organisation.on_site),
        rate(organisation.west_1, date(2026, 5, 5), 4),
    ]

    measure_answers(rated=rated, fed={}, at=noon)

    assert set(Measurement.objects.values_list("subject_kind", "period_kind")) == set(
        product(SubjectKind, PeriodKind)
    )
    week = {"period_kind": "week", "period_start": date(2026, 11, 16)}
    assert satisfaction(subject_kind="agent", agent__code="ann", **week) == {"2026-11-16": (5, 1)}
    # What a colleague did for a team is not the region's to tell apart.
    assert set(Measurement.objects.filter(subject_kind="agent").values_list("team", flat=True)) == {
        organisation.east_1.pk
    }
    assert satisfaction(subject_kind="team", team=organisation.east, **week) == {
        "2026-11-16": (Decimal("3.5"), 2)
    }
    assert satisfaction(
        subject_kind="channel", team=None, channel=organisation.phone, period_kind="year"
    ) == {"2026-01-01": (Decimal("4.5"), 2)}
    assert satisfaction(
        subject_kind="channel", team=organisation.east, channel=organisation.on_site, **week
    ) == {"2026-11-16": (2, 1)}
    assert satisfaction(subject_kind="whole", period_kind="half_year") == {
        "2026-01-01": (4, 1),
        "2026-07-01": (Decimal("3.5"), 2),
    }
    assert satisfaction(subject_kind="kind", team=None, period_kind="day")["2026-05-05"] == (4, 1)


def test_a_touched_period_is_counted_as_a_whole(cast, rate, noon):
    ask_for(["agent"], [])
    team = cast.organisation.east_1
    rate(team, date(2026, 11, 1), 1, "ann")
    rate(team, date(2026, 10, 31), 1, "ann")

    measure_answers(rated=[rate(team, date(2026, 11, 30), 5, "ann")], fed={}, at=noon)

    assert satisfaction(subject_kind="agent", period_kind="month") == {"2026-11-01": (3, 2)}


def test_nothing_more_is_asked_of_the_database_where_nothing_more_is_asked_for(
    cast, rate, noon, django_assert_num_queries
):
    rated = rate(cast.organisation.east_1, date(2026, 11, 20), 5, "ann")
    measure_answers(rated=[rated], fed={}, at=noon)

    with django_assert_num_queries(4):
        measure_answers(rated=[rated], fed={}, at=noon)

    assert not Measurement.objects.exclude(subject_kind="team").exists()
