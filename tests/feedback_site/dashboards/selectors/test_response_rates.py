"""The funnel: counted again from the rows as they were written, in plain Python."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feedback_site.accounts.models import Team
from feedback_site.common.sealing import contact_index
from feedback_site.dashboards.enums import Breakdown
from feedback_site.dashboards.selectors.cases import count_cases, pooled
from feedback_site.dashboards.selectors.filters import FigureFilter, load_choices
from feedback_site.dashboards.selectors.response_rates import response_funnel
from feedback_site.delivery.enums import DeliveryChannel, SuppressionReason
from feedback_site.delivery.services import suppress_address
from feedback_site.evaluations.rules import Visibility
from feedback_site.statistics.proportions import wilson_interval
from surveys.enums import DecisionReason
from surveys.models import Invitation, LinkVisit
from tests.factories.cases import NOON
from tests.factories.dashboards.world import INVITED, WITHHELD

NOVEMBER = FigureFilter(from_on=date(2026, 11, 1), to_on=date(2026, 11, 30))

UNFIT = {"no_survey", "too_old", "excluded", "duplicate", "undecided"}


def counts_of(funnel):
    return {step.step.value: step.count for step in funnel.steps}


def expected_of(fates):
    return {
        "completed": len(fates),
        "eligible": sum(item.fate not in UNFIT for item in fates),
        "invited": sum(item.fate in INVITED for item in fates),
        "sent": sum(item.fate in {"sent", "bounced", "visited", "submitted"} for item in fates),
        "visited": sum(item.fate in {"visited", "submitted"} for item in fates),
        "submitted": sum(item.fate == "submitted" for item in fates),
    }


def in_november(world):
    return [item for item in world.fates if NOVEMBER.from_on <= item.day <= NOVEMBER.to_on]


def test_every_step_equals_a_count_of_the_rows(world, staff):
    world.scatter(160)

    funnel = response_funnel(NOVEMBER, staff.quinn)

    assert counts_of(funnel) == expected_of(in_november(world))


def test_completed_events_are_the_invited_and_every_reason(world, staff):
    world.scatter(160)
    expected = Counter(item.fate for item in in_november(world) if item.fate not in INVITED)

    funnel = response_funnel(NOVEMBER, staff.quinn)

    names = {"voided_consent_withdrawn": "voided", "answered_elsewhere": "elsewhere"}
    assert {names.get(reason.slug, reason.slug): reason.count for reason in funnel.reasons} == expected
    assert funnel.completed == counts_of(funnel)["invited"] + sum(reason.count for reason in funnel.reasons)
    assert counts_of(funnel)["eligible"] == counts_of(funnel)["invited"] + sum(
        reason.count for reason in funnel.reasons if reason.is_eligible
    )


def test_the_rates_are_those_of_the_rows_with_their_wilson_intervals(world, staff):
    world.scatter(160)
    fates = in_november(world)
    answered, invited = (sum(item.fate in wanted for item in fates) for wanted in (("submitted",), INVITED))
    delivered = sum(item.fate in {"sent", "visited", "submitted"} for item in fates)

    rates = response_funnel(NOVEMBER, staff.quinn).rates

    low_high = wilson_interval(answered, invited).scaled(100)
    assert (rates.rr1.hits, rates.rr1.share.n, rates.rr1.share.interval) == (answered, invited, low_high)
    assert rates.rr1.share.percent == pytest.approx(100 * answered / invited)
    assert (rates.of_delivered.hits, rates.of_delivered.share.n) == (answered, delivered)
    assert (rates.coverage.hits, rates.coverage.share.n) == (invited, len(fates))


def test_aapors_rr1_is_the_rate_on_the_page(world, staff):
    world.scatter(160)

    funnel = response_funnel(NOVEMBER, staff.quinn)

    assert 100 * funnel.outcome_rates.rr1 == pytest.approx(funnel.rates.rr1.share.percent)
    assert 100 * funnel.outcome_rates.con1 == pytest.approx(
        100 * counts_of(funnel)["visited"] / counts_of(funnel)["invited"]
    )


def test_those_who_opened_and_did_not_submit_are_told_apart_by_how_far_they_came(world, staff):
    world.serve("submitted", 20)
    for state, times in (("open", 1), ("partial", 4), ("break_off", 3)):
        world.leave_unfinished(world.serve("visited", times), state=state)
    world.serve("visited", 2)
    # A person who saved a page had opened it, even where no visit was recorded.
    world.leave_unfinished(world.serve("sent"), state="break_off")
    world.serve("sent", 9)

    funnel = response_funnel(NOVEMBER, staff.quinn)

    assert {stop.how.value: stop.count for stop in funnel.stops} == {
        "open": 1,
        "partial": 4,
        "break_off": 4,
        "nothing": 2,
    }
    assert counts_of(funnel)["visited"] == 20 + sum(stop.count for stop in funnel.stops)
    assert sum(stop.share.percent for stop in funnel.stops) == pytest.approx(100 * 11 / 31)
    assert [round(40 * share / 100) for share in (funnel.with_partial_percent, funnel.refusal_percent)] == [
        24,
        7,
    ]
    assert funnel.rates.rr1.hits == 20


def test_the_groups_add_up_to_the_whole_by_whatever_they_are_made(world, staff):
    world.scatter(300)
    whole = expected_of(in_november(world))

    for by in Breakdown:
        top = [row for row in response_funnel(NOVEMBER, staff.quinn, by=by).groups if row.group.depth == 0]
        added = {
            "completed": sum(row.completed for row in top),
            "invited": sum(row.invited or 0 for row in top),
            "submitted": sum(row.submitted for row in top if row.invited),
        }
        assert (by, added) == (by, {step: whole[step] for step in added})


def test_a_region_pools_its_stations_and_shows_them_below(world, staff):
    world.scatter(160)
    fates = in_november(world)

    rows = {row.group.slug: row for row in response_funnel(NOVEMBER, staff.quinn).groups}

    expected = {
        code: expected_of([item for item in fates if item.team.code in teams])
        for code, teams in _TEAMS.items()
    }
    assert {code: (row.completed, row.invited, row.submitted) for code, row in rows.items()} == {
        code: (counts["completed"], counts["invited"], counts["submitted"])
        for code, counts in expected.items()
    }
    assert [(row.group.slug, row.group.depth) for row in rows.values()] == [
        ("east", 0),
        ("east-1", 1),
        ("west", 0),
        ("west-1", 1),
    ]


_TEAMS = {"east": {"east", "east-1"}, "east-1": {"east-1"}, "west": {"west-1"}, "west-1": {"west-1"}}


def test_weeks_add_up_to_the_whole_and_begin_on_mondays(world, staff):
    world.scatter(160)
    invited = [item for item in in_november(world) if item.fate in INVITED]

    weeks = response_funnel(NOVEMBER, staff.quinn).weeks

    for week in weeks:
        after = week.starts_on + timedelta(days=7)
        of_week = [item for item in invited if week.starts_on <= item.day < after]
        assert week.rate.share.n == (len(of_week) if len(of_week) >= 5 else None)
    assert [week.starts_on for week in weeks] == [
        date(2026, 10, 26) + timedelta(days=7 * number) for number in range(6)
    ]


@pytest.mark.parametrize(
    ("chosen", "belongs"),
    [
        ({"team_id": "east"}, lambda item: item.team.code in {"east", "east-1"}),
        ({"kind_id": "repair"}, lambda item: item.kind.slug == "after_sales_repair"),
        ({"channel_id": "on_site"}, lambda item: item.channel.slug == "on_site"),
        ({"segment_id": "new"}, lambda item: item.segment is not None and item.segment.slug == "new"),
        ({"survey_id": None}, lambda item: item.fate not in {"no_survey", "undecided"}),
    ],
)
def test_a_filter_counts_its_cases_only(world, staff, organisation, chosen, belongs):
    world.scatter(160)
    (name, value), *_ = chosen.items()
    wanted = world.asked.survey.pk if value is None else getattr(organisation, value).pk
    narrowed = FigureFilter(from_on=NOVEMBER.from_on, to_on=NOVEMBER.to_on, **{name: wanted})

    funnel = response_funnel(narrowed, staff.quinn)

    assert counts_of(funnel) == expected_of([item for item in in_november(world) if belongs(item)])


def test_each_reader_counts_what_is_theirs(world, staff):
    world.scatter(160)
    fates = in_november(world)

    seen = {
        name: response_funnel(NOVEMBER, getattr(staff, name)).completed
        for name in ("ellen", "ada", "wei", "quinn", "max", "vera")
    }

    of_team = Counter(item.team.code for item in fates)
    assert seen == {
        "ellen": of_team["east-1"],
        "ada": of_team["east"] + of_team["east-1"],
        "wei": of_team["west-1"],
        "quinn": len(fates),
        "max": len(fates),
        "vera": None,
    }


def test_a_team_out_of_scope_counts_nothing(world, staff, organisation):
    world.serve("submitted", 30)
    narrowed = FigureFilter(from_on=NOVEMBER.from_on, to_on=NOVEMBER.to_on, team_id=organisation.east_1.pk)

    assert response_funnel(narrowed, staff.wei).is_empty
    assert response_funnel(narrowed, staff.quinn).completed == 30


def test_the_day_is_the_teams_own(world, staff, organisation):
    Team.objects.filter(pk=organisation.west_1.pk).update(time_zone="America/New_York")
    late = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
    world.serve("undecided", 5, at=late)
    world.serve("undecided", 6, at=late, team=organisation.west_1, zone=ZoneInfo("America/New_York"))
    world.serve("submitted", 7, at=late, team=organisation.west_1, zone=ZoneInfo("America/New_York"))

    funnel = response_funnel(NOVEMBER, staff.quinn)

    assert counts_of(funnel)["completed"] == 13


def test_an_event_reopened_after_its_answer_counts_once_on_the_day_it_was_asked_about(world, staff):
    world.serve(
        "submitted",
        10,
        at=datetime(2026, 10, 20, 4, 0, tzinfo=UTC),
        completed_at=datetime(2026, 11, 20, 4, 0, tzinfo=UTC),
    )
    world.serve("submitted", 11, status="reopened")
    world.serve("no_consent", 12, status="reopened")

    october = response_funnel(FigureFilter(from_on=date(2026, 10, 1), to_on=date(2026, 10, 31)), staff.quinn)
    november = response_funnel(NOVEMBER, staff.quinn)

    assert (october.completed, november.completed) == (10, 11)


def test_an_answer_counts_as_opened_and_sent_even_where_that_was_lost(world, staff):
    world.serve("submitted", 12)
    world.serve("unsent", 8)
    LinkVisit.objects.all().delete()

    assert counts_of(response_funnel(NOVEMBER, staff.quinn)) == {
        "completed": 20,
        "eligible": 20,
        "invited": 20,
        "sent": 12,
        "visited": 12,
        "submitted": 12,
    }


def test_a_machine_that_follows_a_messages_links_has_opened_nothing(world, staff):
    world.serve("visited", 10)
    LinkVisit.objects.filter(pk__in=list(LinkVisit.objects.values_list("pk", flat=True)[:4])).update(
        quarantined_at=datetime.now(UTC)
    )

    assert counts_of(response_funnel(NOVEMBER, staff.quinn))["visited"] == 6


def test_what_a_visit_or_a_campaign_asked_is_no_response_rate(world, staff):
    world.serve("submitted", 10)
    Invitation.objects.update(purpose="nps")

    funnel = response_funnel(NOVEMBER, staff.quinn)

    assert (counts_of(funnel)["invited"], funnel.rates.rr1.share.visibility) == (0, Visibility.NOTHING)


def test_every_withheld_reason_is_tried_here():
    assert set(WITHHELD) | {"reopened"} == {reason.value for reason in DecisionReason}


@pytest.mark.parametrize("bounced_under", ["old", "new", "both"])
@pytest.mark.parametrize("invited_under", ["old", "new", "both"])
def test_a_bounce_counts_under_whatever_key_its_address_is_on_record(
    world, staff, settings, invited_under, bounced_under
):
    old = list(settings.BLIND_INDEX_KEYS)
    keys = {"old": old, "new": ["a new index key"], "both": ["a new index key", *old]}
    bounced, *_others = world.serve("sent", 3)
    settings.BLIND_INDEX_KEYS = keys[invited_under]
    index = contact_index(column="phone", value="13812345678").current
    Invitation.objects.filter(service_event=bounced.event).update(contact_index=index)
    settings.BLIND_INDEX_KEYS = keys[bounced_under]
    suppress_address(
        channel=DeliveryChannel.SMS,
        address="138 1234 5678",
        reason=SuppressionReason.BOUNCED,
        at=NOON + timedelta(days=1),
    )
    settings.BLIND_INDEX_KEYS = keys["both"]

    rows = count_cases(NOVEMBER, choices=load_choices(user=staff.quinn), by=Breakdown.MONTH)

    assert (pooled(rows).sent, pooled(rows).delivered) == (3, 2)
