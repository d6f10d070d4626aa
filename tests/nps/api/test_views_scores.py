"""`/api/v1/metrics/nps/`."""

from datetime import date, timedelta

import pytest

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.services import create_api_key
from feedback_site.statistics.net_promoter import net_promoter_score
from nps.selectors.results import campaign_result
from nps.services.fielding import close_campaign
from surveys.models import ResponseTally, Survey

SCORES = "metrics/nps/"
DAY = date(2026, 11, 10)


@pytest.fixture
def survey(field_work):
    return Survey.objects.create(
        slug="after-service", name="After a service", questionnaire=field_work.programme.questionnaire
    )


@pytest.fixture
def tally(survey, organisation):
    """Count answers after a service, in east-1 by phone unless told otherwise."""

    def tally(counts, **cell):
        facts = {
            "day": DAY,
            "team": organisation.east_1,
            "survey": survey,
            "channel": organisation.phone,
            "measure": "nps",
            **cell,
        }
        for value, count in counts.items():
            ResponseTally.objects.create(value=value, count=count, **facts)

    return tally


def only(body, kind):
    (score,) = body[kind]
    return score


def test_a_campaigns_score_is_that_of_its_page(fielded, get, api_key):
    status, body = get(SCORES, api_key)

    score, result = only(body, "campaigns"), campaign_result(fielded)
    assert (status, body["surveys"]) == (200, [])
    assert (score["campaign"], score["programme"], score["quarter"]) == (
        str(fielded.pk),
        "company",
        "2026-Q4",
    )
    assert [score[name] for name in ("n", "nps", "low", "high")] == [
        result.n,
        result.nps,
        result.low,
        result.high,
    ]
    assert score["shares"] == {"promoters": 55.0, "passives": 25.0, "detractors": 20.0}


def test_without_a_quarter_the_latest_launched_campaign_of_each_programme_counts(
    fielded, field_work, get, api_key, staff, noon
):
    close_campaign(campaign=fielded, cause="staff", by=staff.root, at=noon)
    field_work.earlier(date(2027, 1, 1))

    found = get(SCORES, api_key)[1]["campaigns"]

    assert [row["campaign"] for row in found] == [str(fielded.pk)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"programme": "company"}, 1),
        ({"quarter": "2026-Q4"}, 1),
        ({"quarter": "2026-Q3"}, 0),
        ({"programme": "company", "quarter": "2025-Q1"}, 0),
    ],
)
def test_filters_choose_campaigns(fielded, get, api_key, query, found):
    status, body = get(SCORES, api_key, **query)

    assert (status, len(body["campaigns"])) == (200, found)


def test_one_campaign_is_chosen_by_its_id(fielded, get, api_key):
    assert only(get(SCORES, api_key, campaign=str(fielded.pk))[1], "campaigns")["campaign"] == str(fielded.pk)


def test_a_surveys_score_comes_from_its_tallies(tally, get, api_key):
    tally({10: 20, 8: 10, 3: 6, 0: 4})

    status, body = get(SCORES, api_key, survey="after-service")

    expected = net_promoter_score([4, 0, 0, 6, 0, 0, 0, 0, 10, 0, 20])
    score = only(body, "surveys")
    assert (status, body["campaigns"], score["survey"], score["visibility"]) == (
        200,
        [],
        "after-service",
        "full",
    )
    assert [score[name] for name in ("n", "promoters", "passives", "detractors", "nps")] == [
        40,
        20,
        10,
        10,
        expected.nps,
    ]
    assert (score["low"], score["high"]) == (expected.adjusted.low, expected.adjusted.high)


def test_what_other_purposes_and_measures_counted_stays_out(tally, get, api_key):
    tally({10: 12})
    tally({0: 50}, purpose="nps")
    tally({0: 50}, survey=None)
    tally({5: 50}, measure="satisfaction")

    assert only(get(SCORES, api_key, survey="after-service")[1], "surveys")["nps"] == 100.0


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ({"from": "2026-11-10", "to": "2026-11-10"}, 11),
        ({"from": "2026-11-11"}, 12),
        ({"to": "2026-11-09"}, None),
        ({"team": "east"}, 11),
        ({"team": "west-1"}, 12),
        ({"channel": "phone"}, 11),
        ({"channel": "on_site"}, 12),
        ({"kind": "after_sales_repair"}, 12),
        ({"segment": "high_value"}, 12),
    ],
)
def test_filters_narrow_a_surveys_score(tally, organisation, get, api_key, query, n):
    tally({10: 11})
    tally(
        {10: 12},
        day=DAY + timedelta(days=1),
        team=organisation.west_1,
        channel=organisation.on_site,
        kind=organisation.repair,
        segment=organisation.high_value,
    )

    assert only(get(SCORES, api_key, survey="after-service", **query)[1], "surveys")["n"] == n


@pytest.mark.parametrize(("answers", "n", "has_score"), [(4, None, False), (9, 9, False), (10, 10, True)])
def test_few_answers_hide_a_surveys_score(tally, get, api_key, answers, n, has_score):
    tally({10: answers})

    score = only(get(SCORES, api_key, survey="after-service")[1], "surveys")

    assert (
        score["n"],
        score["nps"] is not None,
        score["shares"] is not None,
        score["promoters"] is not None,
    ) == (n, *[has_score] * 3)


def test_a_key_of_a_region_reads_its_own_answers_only(tally, organisation, get, east_api_key):
    tally({10: 11})
    tally({0: 50}, team=organisation.west_1)

    assert only(get(SCORES, east_api_key, survey="after-service")[1], "surveys")["n"] == 11


def test_a_key_of_a_region_reads_no_score_of_the_whole_company(fielded, get, east_api_key):
    assert get(SCORES, east_api_key) == (200, {"campaigns": [], "surveys": []})
    assert get(SCORES, east_api_key, campaign=str(fielded.pk)) == (200, {"campaigns": [], "surveys": []})


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"year": "2026"}, {"year"}),
        ({"survey": "other"}, {"survey"}),
        ({"programme": "other"}, {"programme"}),
        ({"campaign": "7"}, {"campaign"}),
        ({"survey": "after-service", "quarter": "2026-Q4"}, {"quarter"}),
        ({"team": "east"}, {"team"}),
        ({"from": "2026-11-01"}, {"from"}),
        ({"survey": "after-service", "from": "2026-11-02", "to": "2026-11-01"}, {"to"}),
        ({"survey": "after-service", "from": "soon"}, {"from"}),
        ({"survey": "after-service", "team": "north"}, {"team"}),
    ],
)
def test_wrong_filters_are_refused_by_name(survey, get, api_key, query, fields):
    status, body = get(SCORES, api_key, **query)

    assert (status, set(body["extra"]["fields"])) == (400, fields)


def test_a_key_without_the_grant_reads_no_score(get, organisation):
    _key, clear = create_api_key(name="events only", grants=[Grant.EVENTS_READ])

    assert get(SCORES, clear)[0] == 403
