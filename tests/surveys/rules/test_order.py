"""Which rules never get a turn, and what a new order does to those that were not moved."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict

from surveys.forms.order import order_posted
from surveys.rules import SurveyRule
from surveys.rules.order import Everything, reordered, shadowed_rules

NOW = datetime(2026, 11, 20, tzinfo=UTC)
DAY = timedelta(days=1)
EVERYTHING = Everything(
    kind_ids=frozenset({1, 2}), channel_ids=frozenset({1, 2}), team_ids=frozenset({1, 2, 3})
)


def rule(survey_id, *, kinds=(), channels=(), teams=None, starts_at=None, ends_at=None):
    return SurveyRule(
        survey_id=survey_id,
        version_id=1,
        delivery_channels=("sms",),
        age_limit=DAY,
        link_valid=DAY,
        kind_ids=frozenset(kinds),
        channel_ids=frozenset(channels),
        team_ids=None if teams is None else frozenset(teams),
        starts_at=starts_at,
        ends_at=ends_at,
    )


@pytest.mark.parametrize(
    ("earlier", "last", "by"),
    [
        ([], {}, ()),
        ([{}], {}, (1,)),
        ([{}], {"kinds": [1], "teams": [2]}, (1,)),
        ([{"kinds": [1]}], {}, ()),
        ([{"kinds": [1]}], {"kinds": [1]}, (1,)),
        ([{"kinds": [1]}], {"kinds": [1, 2]}, ()),
        ([{"kinds": [1, 2]}], {"kinds": [2]}, (1,)),
        ([{"channels": [1]}], {"channels": [2]}, ()),
        ([{"channels": [1]}], {"channels": [1], "kinds": [2]}, (1,)),
        ([{"teams": [1, 2]}], {"teams": [2]}, (1,)),
        ([{"teams": [2]}], {"teams": [1, 2]}, ()),
        ([{"teams": [2]}], {}, ()),
        ([{"kinds": [1]}, {"kinds": [2]}], {}, (1, 2)),
        ([{"kinds": [1]}, {"kinds": [2], "channels": [1]}], {}, ()),
        ([{"kinds": [1]}, {"kinds": [2], "channels": [1]}, {"channels": [2]}], {}, (1, 2, 3)),
        ([{"kinds": [2]}, {"teams": [2, 3]}, {"kinds": [1], "teams": [1]}], {"kinds": [1]}, (2, 3)),
        ([{"kinds": [1]}, {}], {"kinds": [1, 2]}, (2,)),
        ([{"ends_at": NOW + DAY}], {}, ()),
        ([{"ends_at": NOW + DAY}], {"ends_at": NOW + DAY}, (1,)),
        ([{"ends_at": NOW + DAY}], {"ends_at": NOW + 2 * DAY}, ()),
        ([{"starts_at": NOW - DAY}], {}, (1,)),
        ([{"starts_at": NOW + DAY}], {}, ()),
        ([{"starts_at": NOW + DAY}], {"starts_at": NOW + DAY}, (1,)),
        ([{"ends_at": NOW}], {}, ()),
        ([{}], {"ends_at": NOW}, ()),
    ],
)
def test_a_rule_is_shadowed_by_those_that_take_all_its_events(earlier, last, by):
    rules = [rule(number, **words) for number, words in enumerate(earlier, start=1)]

    found = shadowed_rules([*rules, rule(9, **last)], everything=EVERYTHING, at=NOW)

    assert found.get(9, ()) == by


@pytest.mark.parametrize(
    ("now", "wanted", "movable", "order"),
    [
        ([1, 2, 3], [3, 1, 2], {1, 2, 3}, [3, 1, 2]),
        ([1, 2, 3], [1, 2, 3], set(), [1, 2, 3]),
        ([1, 2, 3], [2, 3, 1], {1, 2, 3}, [2, 3, 1]),
        # A rule that is not on the page keeps its place among those that were not moved.
        ([1, 8, 2, 3], [3, 1, 2], {1, 2, 3}, [3, 1, 8, 2]),
        # Others' rules stay in order; a region's own goes before them or behind.
        ([1, 8, 2], [2, 1], {2}, [2, 1, 8]),
        ([2, 1, 8], [1, 2], {2}, [1, 2, 8]),
        ([1, 2, 3], [2, 1, 3], {3}, None),
        ([1, 2, 3], [3, 2, 1], {3}, None),
        ([1, 2, 3], [3, 1, 2, 7, 3], {3}, [3, 1, 2]),
        ([1, 2, 3, 4], [4, 3, 1, 2], {3, 4}, [4, 3, 1, 2]),
        ([], [1], {1}, []),
    ],
)
def test_a_new_order_moves_as_few_as_can_be(now, wanted, movable, order):
    assert reordered(now, wanted, movable=movable) == order


@pytest.mark.parametrize(
    ("typed", "order"),
    [
        (["1", "2", "3"], [10, 11, 12]),
        (["1", "2", "1"], [12, 10, 11]),
        (["3", "2", "3"], [11, 12, 10]),
        (["1", "1", "3"], [11, 10, 12]),
        (["1", "3", "3"], [10, 12, 11]),
        (["2", "0", "1"], [11, 12, 10]),
        (["5", "x", "2"], [12, 10, 11]),
    ],
)
def test_a_number_that_is_typed_moves_its_row_there(typed, order):
    posted = QueryDict(mutable=True)
    posted["form-TOTAL_FORMS"] = str(len(typed))
    for place, number in enumerate(typed):
        posted[f"form-{place}-id"], posted[f"form-{place}-position"] = str(10 + place), number

    assert order_posted(posted) == order
