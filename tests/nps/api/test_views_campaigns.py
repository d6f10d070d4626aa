"""`/api/v1/nps/campaigns/`."""

from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.services import create_api_key
from nps.enums import ClosingCause
from nps.selectors.launching import launch_figures
from nps.selectors.progress import campaign_progress
from nps.selectors.results import campaign_result
from nps.services.fielding import close_campaign

CAMPAIGNS = "nps/campaigns/"


def test_the_list_names_each_campaign_with_completes_and_score(fielded, get, api_key):
    status, body = get(CAMPAIGNS, api_key)

    (campaign,) = body["results"]
    assert status == 200
    assert (campaign["id"], campaign["programme"], campaign["quarter"], campaign["team"]) == (
        str(fielded.pk),
        "company",
        "2026-Q4",
        None,
    )
    assert (campaign["standing"]["answered"], campaign["standing"]["target"]) == (40, 50)
    assert campaign["standing"]["score"]["nps"] == campaign_result(fielded).nps


def test_before_the_launch_there_is_no_standing(field_work, get, api_key):
    field_work.prepared()

    (campaign,) = get(CAMPAIGNS, api_key)[1]["results"]

    assert (campaign["status"], campaign["standing"]) == ("prepared", None)


def test_the_detail_says_what_the_pages_say(fielded, get, api_key):
    status, body = get(f"{CAMPAIGNS}{fielded.pk}/", api_key)

    progress, result = campaign_progress(fielded), campaign_result(fielded)
    assert status == 200
    assert (body["seed"], body["launch"]) == (fielded.seed, None)
    assert [
        body["progress"][name] for name in ("frame", "contactable", "invited", "sent", "answered", "rate")
    ] == [
        progress.frame,
        progress.contactable,
        progress.invited,
        progress.sent,
        progress.answered,
        progress.rate,
    ]
    assert [row["excluded"] for row in body["progress"]["strata"]] == [{"no_consent": 1}, {}]
    assert [(row["segment"], row["channel"], row["answered"]) for row in body["progress"]["strata"]] == [
        ("new", "phone", 36),
        ("high_value", "on_site", 4),
    ]
    assert [
        body["result"][name] for name in ("n", "promoters", "detractors", "nps", "low", "high", "visibility")
    ] == [
        40,
        22,
        8,
        result.nps,
        result.low,
        result.high,
        "full",
    ]
    assert body["result"]["change"] == {
        "direction": None,
        "difference": None,
        "low": None,
        "high": None,
        "p_value": None,
        "against": None,
    }


def test_a_stratum_of_few_answers_shows_nothing(fielded, get, api_key):
    strata = get(f"{CAMPAIGNS}{fielded.pk}/", api_key)[1]["result"]["strata"]

    few = next(row for row in strata if row["channel"] == "on_site")
    assert {
        few[name] for name in ("n", "promoters", "passives", "detractors", "shares", "nps", "low", "high")
    } == {None}


def test_a_drawn_sample_says_what_to_expect(field_work, get, api_key):
    field_work.serve_many(30)
    campaign = field_work.drawn()

    body = get(f"{CAMPAIGNS}{campaign.pk}/", api_key)[1]

    figures = launch_figures(campaign)
    assert (body["launch"]["needed"], body["launch"]["margin"]) == (figures.needed, figures.margin)
    assert (body["launch"]["smallest_change"], body["launch"]["warnings"]) == (
        figures.smallest_change,
        figures.warnings,
    )
    assert body["result"] is None


def test_a_closed_campaign_shows_its_frozen_result(fielded, get, api_key, staff, noon):
    closed = close_campaign(
        campaign=fielded, cause=ClosingCause.STAFF, by=staff.root, at=noon + timedelta(days=1)
    )

    body = get(f"{CAMPAIGNS}{fielded.pk}/", api_key)[1]

    assert (body["status"], body["closing_cause"], body["result"]["is_final"]) == ("closed", "staff", True)
    assert (body["result"]["nps"], body["standing"]["score"]["nps"]) == (
        closed.result["nps"],
        closed.result["nps"],
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"programme": "company"}, 2),
        ({"quarter": "2026-Q4"}, 1),
        ({"quarter": "2027-Q1"}, 0),
        ({"status": "running"}, 1),
        ({"status": "closed"}, 0),
        ({"updated_since": "2000-01-01T00:00:00Z"}, 2),
        ({"quarter": "2026-Q3", "status": "prepared"}, 1),
    ],
)
def test_filters_narrow_the_list(fielded, field_work, get, api_key, query, found):
    field_work.earlier(date(2026, 7, 1))

    status, body = get(CAMPAIGNS, api_key, **query)

    assert (status, len(body["results"])) == (200, found)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"programme": "other"}, "programme"),
        ({"quarter": "2026-10-01"}, "quarter"),
        ({"quarter": "2026-Q5"}, "quarter"),
        ({"status": "done"}, "status"),
        ({"updated_since": "yesterday"}, "updated_since"),
        ({"team": "east"}, "team"),
    ],
)
def test_wrong_filters_are_refused_by_name(get, api_key, query, field):
    status, body = get(CAMPAIGNS, api_key, **query)

    assert (status, set(body["extra"]["fields"])) == (400, {field})


def test_pages_follow_each_other_without_repeating(field_work, get, api_key):
    quarters = [field_work.earlier(date(2026, month, 1)) for month in (1, 4, 7)]

    _status, first = get(CAMPAIGNS, api_key, page_size=2)
    _status, second = get(first["next"].split("/api/v1/")[1].split("?")[0], api_key, **_cursor(first["next"]))

    ids = [row["id"] for row in first["results"] + second["results"]]
    assert ids == [str(campaign.pk) for campaign in reversed(quarters)]


def _cursor(address):
    return dict(parse_qsl(urlsplit(address).query))


def test_a_key_of_a_region_sees_its_own_campaigns_only(field_work, get, api_key, east_api_key, organisation):
    field_work.programme.team = organisation.west
    field_work.programme.save()
    west = field_work.earlier(date(2026, 7, 1))
    field_work.programme.team = organisation.east_1
    field_work.programme.save()
    east = field_work.earlier(date(2026, 4, 1))

    listed = get(CAMPAIGNS, east_api_key)[1]["results"]

    assert [row["id"] for row in listed] == [str(east.pk)]
    assert get(f"{CAMPAIGNS}{west.pk}/", east_api_key)[0] == 404
    assert len(get(CAMPAIGNS, api_key)[1]["results"]) == 2


def test_a_key_without_the_grant_reads_no_campaign(fielded, get):
    _key, clear = create_api_key(name="events only", grants=[Grant.EVENTS_READ])

    assert (get(CAMPAIGNS, clear)[0], get(f"{CAMPAIGNS}{fielded.pk}/", clear)[0]) == (403, 403)


def test_the_list_takes_as_many_queries_for_three_campaigns_as_for_one(fielded, field_work, get, api_key):
    get(CAMPAIGNS, api_key)
    with CaptureQueriesContext(connection) as one:
        get(CAMPAIGNS, api_key)
    field_work.earlier(date(2026, 7, 1))
    field_work.earlier(date(2026, 4, 1))

    with CaptureQueriesContext(connection) as three:
        get(CAMPAIGNS, api_key)

    assert len(one) == len(three) <= 12
