"""The first page: its figures, whose they are, and when they stay hidden."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback_site.dashboards.selectors import home, shown_mean, shown_share
from feedback_site.delivery.enums import MessageStatus
from feedback_site.evaluations.enums import PeriodKind
from feedback_site.evaluations.models import Indicator
from feedback_site.evaluations.rules import Subject, Visibility
from feedback_site.evaluations.services import load_after_sales_scheme, record_measurement, refresh_records


@pytest.mark.parametrize(
    ("n", "visibility", "shown_n", "percent"),
    [
        (0, "nothing", None, None),
        (4, "nothing", None, None),
        (5, "count", 5, None),
        (9, "count", 9, None),
        (10, "greyed", 10, 50),
        (30, "full", 30, 50),
    ],
)
def test_few_cases_hide_a_share(n, visibility, shown_n, percent):
    shown = shown_share(n // 2, n)

    assert (shown.visibility, shown.n, shown.percent) == (Visibility(visibility), shown_n, percent)
    assert (shown.interval is None) is (percent is None)


def test_a_mean_comes_with_interval_and_satisfied_share():
    shown = shown_mean([0, 0, 10, 10, 10])

    assert (shown.mean, shown.n, shown.satisfied.n) == (4, 30, 30)
    assert shown.satisfied.percent == pytest.approx(66.667, abs=0.001)
    assert (round(shown.interval.low, 2), round(shown.interval.high, 2)) == (3.69, 4.31)


def test_few_ratings_show_nothing_but_their_number():
    shown = shown_mean([0, 0, 0, 0, 9])

    assert (shown.n, shown.mean, shown.interval, shown.satisfied.percent) == (9, None, None, None)


def test_todays_events_are_those_of_the_local_day(organisation, staff, serve, noon):
    serve(organisation.east_1, ago=timedelta(hours=11, minutes=59))
    serve(organisation.east_1, ago=timedelta(hours=12, minutes=1))
    serve(organisation.west_1)

    assert (
        home(user=staff.ellen, at=noon).events.completed,
        home(user=staff.quinn, at=noon).events.completed,
    ) == (1, 2)


def test_the_share_in_time_counts_what_is_late_or_stands_still(organisation, staff, serve, noon):
    for _ in range(8):
        serve(organisation.east_1)
    serve(organisation.east_1, sent_after=11)
    serve(organisation.east_1, status=MessageStatus.QUEUED)
    serve(organisation.east_1, status=MessageStatus.QUEUED, ago=timedelta(minutes=5))
    serve(organisation.east_1, sent_after=11, is_in_headline=False)

    shown = home(user=staff.ellen, at=noon).sent_in_time

    assert (shown.n, shown.percent) == (10, 80)


def test_the_response_rate_is_answered_of_all_invited_in_thirty_days(organisation, staff, serve, noon):
    for _ in range(6):
        serve(organisation.east_1, satisfaction=5)
    for _ in range(4):
        serve(organisation.east_1, ago=timedelta(days=29), status=MessageStatus.QUEUED)
    serve(organisation.east_1, ago=timedelta(days=30))
    serve(organisation.east_1, voided_at=noon, void_reason="reopened")

    shown = home(user=staff.ada, at=noon).response_rate

    assert (shown.n, shown.percent) == (10, 60)


def test_management_sees_counts_of_all_teams_and_no_single_case(organisation, staff, serve, noon):
    for _ in range(5):
        serve(organisation.east_1, satisfaction=1)
        serve(organisation.west_1, satisfaction=5)

    page = home(user=staff.max, at=noon)

    assert (page.events.completed, page.satisfaction.n, page.satisfaction.mean) == (10, 10, 3)
    assert (page.low_ratings, page.attention) == (None, None)


def test_low_ratings_are_those_of_the_readers_teams(organisation, staff, serve, noon):
    serve(organisation.east_1, satisfaction=1, comment="Nobody came.")
    serve(organisation.east_1, satisfaction=3)
    serve(organisation.west_1, satisfaction=2)

    east, west = (home(user=user, at=noon).low_ratings for user in (staff.ellen, staff.wei))

    assert [(low.response.satisfaction, low.comment) for low in east] == [(1, "Nobody came.")]
    assert [low.response.satisfaction for low in west] == [2]


def test_messages_that_ended_badly_today_need_attention(organisation, staff, serve, noon):
    for status in (MessageStatus.FAILED, MessageStatus.FAILED, MessageStatus.UNCERTAIN, MessageStatus.MISSED):
        serve(organisation.east_1, status=status)
    serve(organisation.east_1, status=MessageStatus.FAILED, ago=timedelta(days=1))
    serve(organisation.west_1, status=MessageStatus.FAILED)

    found = home(user=staff.ellen, at=noon).attention

    assert (found.failed, found.uncertain, found.missed, found.total) == (2, 1, 1, 4)


def test_a_region_pools_the_response_rates_of_its_stations(organisation, staff, serve, noon):
    for _ in range(5):
        serve(organisation.east_1, satisfaction=5)
        serve(organisation.east)

    rows = {row.team.code: row for row in home(user=staff.ada, at=noon).teams}

    assert [(row.team.code, row.depth) for row in rows.values()] == [("east", 0), ("east-1", 1)]
    assert (rows["east"].response_rate.n, rows["east"].response_rate.percent) == (10, 50)
    assert (rows["east-1"].response_rate.n, rows["east-1"].response_rate.percent) == (5, None)


def test_teams_show_this_months_record_and_satisfaction(organisation, staff, noon):
    load_after_sales_scheme()
    month = noon.date().replace(day=1)
    record_measurement(
        indicator=Indicator.objects.get(slug="customer_satisfaction"),
        subject=Subject.team(organisation.east_1.pk),
        period_kind=PeriodKind.MONTH,
        period_start=month,
        value=Decimal("4.4"),
        n=33,
        source="survey",
        at=noon,
    )
    refresh_records(team_ids=[organisation.east_1.pk], month=month, at=noon)

    (row,) = home(user=staff.ellen, at=noon).teams

    assert (row.record.score, row.record.grade, row.satisfaction.n) == (Decimal("88.0"), "", 33)
    assert row.satisfaction_visibility is Visibility.FULL


@pytest.mark.parametrize("reader", ["quinn", "ellen"])
def test_the_page_takes_as_many_queries_for_three_cases_as_for_one(organisation, staff, serve, noon, reader):
    load_after_sales_scheme()
    user = getattr(staff, reader)
    user.get_all_permissions()
    serve(organisation.east_1, satisfaction=1)
    with CaptureQueriesContext(connection) as one:
        home(user=user, at=noon)
    serve(organisation.east_1, satisfaction=1, comment="Late.")
    serve(organisation.west_1, satisfaction=2)

    with CaptureQueriesContext(connection) as three:
        home(user=user, at=noon)

    assert len(one) == len(three) <= 12


@pytest.mark.parametrize(("language", "text"), [("en", "Teams this month"), ("zh-hans", 'lang="zh-hans"')])
def test_the_page_opens_for_every_role(organisation, staff, serve, client, language, text):
    serve(organisation.east_1, satisfaction=1, comment="Canary comment")
    client.cookies["django_language"] = language
    comments = {}

    for user in (staff.ellen, staff.wei, staff.quinn, staff.max, staff.vera, staff.root):
        client.force_login(user)
        page = client.get("/admin/").content.decode()
        assert text in page
        comments[user.username] = "Canary comment" in page

    assert comments == {"ellen": True, "wei": False, "quinn": True, "max": False, "vera": False, "root": True}
