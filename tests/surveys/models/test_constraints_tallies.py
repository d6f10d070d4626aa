"""Every rule that the database holds of tallies is broken once."""

from datetime import date

import pytest

from feedback_site.evaluations.models import Indicator
from surveys.models import (
    AgentTally,
    IndicatorTally,
    ResponseTally,
)
from tests.factories.common.constraints import breaks, copy, update

pytestmark = pytest.mark.django_db


@pytest.fixture
def tally(cast) -> ResponseTally:
    return ResponseTally.objects.create(
        day=date(2026, 11, 1), team=cast.organisation.east_1, measure="satisfaction", value=5, count=1
    )


@pytest.fixture
def agent_tally(cast) -> AgentTally:
    event = cast.record()
    return AgentTally.objects.create(
        day=date(2026, 11, 1), team=event.team, agent=event.agent, measure="nps", value=9, count=1
    )


@pytest.fixture
def indicator_tally(cast) -> IndicatorTally:
    cell = {
        "day": date(2026, 11, 1),
        "team": cast.organisation.east_1,
        "indicator": Indicator.objects.get(slug="service_attitude"),
    }
    return IndicatorTally.objects.create(**cell, value=5, count=1)


def test_a_tally_is_one_cell_per_purpose(tally, agent_tally):
    copy(tally, purpose="visit")
    copy(agent_tally, purpose="visit")

    assert set(ResponseTally.objects.values_list("purpose", flat=True)) == {"survey", "visit"}
    assert set(AgentTally.objects.values_list("purpose", flat=True)) == {"survey", "visit"}


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"measure": "joy"}, "tally_has_a_known_measure"),
        ({"count": -1}, "tally_is_not_negative"),
        ({"purpose": "advert"}, "tally_has_a_known_purpose"),
    ],
)
def test_a_tally_counts_something_known(tally, agent_tally, changes, name):
    for model in (ResponseTally, AgentTally):
        with breaks(f"{model._meta.model_name.removesuffix('tally')}{name}"):
            update(model, **changes)


def test_a_tally_is_one_cell_empty_dimensions_included(tally, agent_tally):
    with breaks("responsetally_is_one_cell"):
        copy(tally)
    with breaks("agenttally_is_one_cell"):
        copy(agent_tally)


@pytest.mark.parametrize(
    ("changes", "name"), [({"value": 6}, "is_at_most_5"), ({"count": -1}, "is_not_negative")]
)
def test_an_indicators_tally_counts_something_known(indicator_tally, changes, name):
    with breaks(f"indicatortally_{name}"):
        update(IndicatorTally, **changes)


def test_an_indicators_tally_is_one_cell(indicator_tally):
    with breaks("indicatortally_is_one_cell"):
        copy(indicator_tally)
