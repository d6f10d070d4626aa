"""Ratings from the tallies, counted again from the answers."""

from datetime import date

import pytest

from feedback_site.dashboards.enums import Breakdown
from feedback_site.dashboards.selectors.filters import FigureFilter
from feedback_site.dashboards.selectors.satisfaction import satisfaction_figures
from feedback_site.statistics.ratings import mean_rating
from surveys.models import ResponseTally

NOVEMBER = FigureFilter(from_on=date(2026, 11, 1), to_on=date(2026, 11, 30))


def counts_of(fates):
    ratings = [item.satisfaction for item in fates if item.day.month == 11]
    return [ratings.count(value) for value in range(1, 6)]


def test_mean_and_satisfied_share_equal_a_count_of_the_answers(world, staff):
    world.scatter(300)
    counts = counts_of(world.fates)

    ratings = satisfaction_figures(NOVEMBER, staff.quinn).ratings

    expected = mean_rating(counts)
    assert (ratings.n, ratings.mean, ratings.interval) == (sum(counts), expected.mean, expected.interval)
    assert ratings.satisfied.percent == pytest.approx(100 * sum(counts[3:]) / sum(counts))


def test_the_groups_of_the_first_level_add_up_to_the_whole_by_whatever_they_are_made(world, staff):
    world.scatter(400)

    figures = {by: satisfaction_figures(NOVEMBER, staff.quinn, by=by) for by in Breakdown}

    added = {
        by: sum(row.ratings.n for row in found.groups if row.group.depth == 0)
        for by, found in figures.items()
    }
    assert added == {by: found.ratings.n for by, found in figures.items()}


def test_filters_and_scope_narrow_the_ratings(world, staff, organisation):
    world.scatter(300)
    narrowed = FigureFilter(from_on=NOVEMBER.from_on, to_on=NOVEMBER.to_on, kind_id=organisation.repair.pk)

    ratings = satisfaction_figures(narrowed, staff.ada).ratings

    repairs = [item for item in world.fates if item.kind.slug == "after_sales_repair"]
    fates = [item for item in repairs if item.team.code in {"east", "east-1"}]
    assert ratings.n == sum(counts_of(fates))


def test_what_a_return_visit_asked_is_another_measure(world, staff):
    world.serve("submitted", 10, satisfaction=5)
    ResponseTally.objects.create(
        purpose="visit",
        day=date(2026, 11, 20),
        team=staff.ellen.team,
        measure="satisfaction",
        value=1,
        count=10,
    )

    assert satisfaction_figures(NOVEMBER, staff.ellen).ratings.mean == 5


@pytest.mark.parametrize(
    ("n", "shown_n", "mean"), [(4, None, None), (5, 5, None), (9, 9, None), (10, 10, 4), (30, 30, 4)]
)
def test_few_ratings_show_little(world, staff, n, shown_n, mean):
    world.serve("submitted", n, satisfaction=4)

    ratings = satisfaction_figures(NOVEMBER, staff.ellen).ratings

    assert (ratings.n, ratings.mean) == (shown_n, mean)


def test_effort_has_its_own_scale_and_stays_out_of_the_ratings(world, staff, organisation):
    world.serve("submitted", 10, satisfaction=5)
    for value, count in ((7, 6), (5, 3), (4, 2), (1, 1)):
        ResponseTally.objects.create(
            day=date(2026, 11, 20), team=organisation.east_1, measure="ces", value=value, count=count
        )

    found = satisfaction_figures(NOVEMBER, staff.ellen)

    assert (found.ratings.n, found.ratings.mean) == (10, 5)
    assert (found.effort.n, found.effort.mean) == (12, pytest.approx((42 + 15 + 8 + 1) / 12))
    assert found.effort.easy.percent == pytest.approx(75)


def test_few_answers_about_effort_show_little(world, staff, organisation):
    ResponseTally.objects.create(
        day=date(2026, 11, 20), team=organisation.east_1, measure="ces", value=7, count=9
    )

    effort = satisfaction_figures(NOVEMBER, staff.ellen).effort

    assert (effort.n, effort.mean, effort.easy.percent) == (9, None, None)
