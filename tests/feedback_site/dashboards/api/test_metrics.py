"""`/api/v1/metrics/`: the same numbers as the pages, within the key's scope, and no unknown filter."""

import pytest

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.services import create_api_key

METRICS = ["response-rate", "representativeness", "satisfaction"]
NOVEMBER = "?from=2026-11-01&to=2026-11-30"


@pytest.fixture
def get(client):
    def get(key, metric, query=NOVEMBER):
        return client.get(f"/api/v1/metrics/{metric}/{query}", headers={"Authorization": f"Api-Key {key}"})

    return get


def test_the_funnel_is_that_of_the_page(world, staff, client, get, api_key):
    world.scatter(200)
    client.force_login(staff.quinn)
    page = client.get(f"/admin/dashboards/response-rates/{NOVEMBER}&by=channel").context["funnel"]

    body = get(api_key, "response-rate", f"{NOVEMBER}&by=channel").json()

    assert [(step["step"], step["count"]) for step in body["steps"]] == [
        (step.step.value, step.count) for step in page.steps
    ]
    rate = page.rates.rr1
    assert body["rates"]["rr1"] == {
        "hits": rate.hits,
        "share": {
            "visibility": rate.share.visibility.value,
            "n": rate.share.n,
            "percent": rate.share.percent,
            "interval": {"low": rate.share.interval.low, "high": rate.share.interval.high},
        },
        "verdict": rate.verdict.value,
    }
    assert [(row["group"]["slug"], row["submitted"]) for row in body["groups"]] == [
        (row.group.slug, row.submitted) for row in page.groups
    ]
    assert [(row["slug"], row["count"]) for row in body["reasons"]] == [
        (row.slug, row.count) for row in page.reasons
    ]
    assert [week["rate"]["hits"] for week in body["weeks"]] == [week.rate.hits for week in page.weeks]
    assert (body["goal"], body["completed"], body["filter"]) == (
        60,
        page.completed,
        {"from_on": "2026-11-01", "to_on": "2026-11-30"},
    )


def test_who_answered_is_that_of_the_page(world, staff, client, get, api_key):
    world.scatter(200)
    client.force_login(staff.quinn)
    client.cookies["django_language"] = "en"
    page = client.get(f"/admin/dashboards/representativeness/{NOVEMBER}").context["sample"]

    body = get(api_key, "representativeness").json()

    assert (body["population"], body["respondent_count"]) == (page.population, page.respondent_count)
    assert [(row["slug"], row["finding"], row["basis"]) for row in body["criteria"]] == [
        (row.slug, row.finding.value, row.basis) for row in page.criteria
    ]
    for shown, composition in zip(body["compositions"], page.compositions, strict=True):
        assert shown["dimension"] == composition.dimension.value
        assert [row["respondent_gap"] for row in shown["categories"]] == [
            row.respondent_gap for row in composition.categories
        ]


def test_satisfaction_comes_with_n_and_intervals(world, get, api_key):
    world.serve("submitted", 10, satisfaction=3)
    world.serve("submitted", 20, satisfaction=5)

    body = get(api_key, "satisfaction", f"{NOVEMBER}&by=kind").json()

    ratings = body["ratings"]
    assert (ratings["n"], ratings["visibility"], ratings["mean"]) == (30, "full", pytest.approx(13 / 3))
    assert ratings["satisfied"]["percent"] == pytest.approx(200 / 3)
    assert ratings["interval"]["low"] < 13 / 3 < ratings["interval"]["high"]
    assert [(row["group"]["slug"], row["ratings"]["n"]) for row in body["groups"]] == [
        ("after_sales_repair", 30)
    ]


@pytest.mark.parametrize(
    ("n", "shown_n", "percent"), [(4, None, None), (5, 5, None), (9, 9, None), (10, 10, 100), (30, 30, 100)]
)
def test_few_cases_show_little(world, get, api_key, n, shown_n, percent):
    world.serve("submitted", n)

    share = get(api_key, "response-rate").json()["rates"]["rr1"]["share"]

    assert (share["n"], share["percent"]) == (shown_n, percent)


@pytest.mark.parametrize("metric", METRICS)
def test_a_key_counts_its_own_teams(world, get, api_key, east_api_key, organisation, metric):
    world.serve("submitted", 11)
    before = get(east_api_key, metric).json()

    world.serve("submitted", 12, team=organisation.west_1)

    assert get(east_api_key, metric).json() == before
    assert get(api_key, metric).json() != before


@pytest.mark.parametrize("metric", METRICS)
def test_a_key_needs_the_grant(organisation, get, client, metric):
    _key, other = create_api_key(name="events", grants=[Grant.EVENTS_READ, Grant.RESPONSES_READ])

    assert get(other, metric).status_code == 403
    assert client.get(f"/api/v1/metrics/{metric}/").status_code == 401


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?agent=A1", "agent"),
        ("?team=mars", "team"),
        ("?team=west-1", "team"),
        ("?from=2026-13-01", "from"),
        ("?from=2026-11-02&to=2026-11-01", "to"),
        ("?period=custom", "from"),
        ("?period=always", "period"),
        ("?kind=", None),
        ("?survey=%00", "survey"),
    ],
)
def test_a_wrong_filter_is_refused_by_name(world, get, east_api_key, metric, query, field):
    response = get(east_api_key, metric, query)

    if field is None:
        assert response.status_code == 200
    else:
        assert response.status_code == 400
        assert list(response.json()["extra"]["fields"]) == [field]


def test_who_answered_is_not_taken_apart(organisation, get, api_key):
    assert get(api_key, "representativeness", "?by=team").status_code == 400


@pytest.mark.parametrize("metric", METRICS)
def test_nothing_is_an_answer_too(organisation, get, api_key, metric):
    assert get(api_key, metric, "?from=2020-01-01&to=2020-01-31").status_code == 200


@pytest.mark.parametrize("metric", METRICS)
def test_figures_are_only_read(organisation, client, api_key, metric):
    response = client.post(f"/api/v1/metrics/{metric}/", {}, headers={"Authorization": f"Api-Key {api_key}"})

    assert response.status_code in {403, 405}


def test_the_schema_describes_filters_and_figures(organisation, client):
    schema = client.get("/api/v1/schema/?format=json").json()

    for metric in METRICS:
        operation = schema["paths"][f"/api/v1/metrics/{metric}/"]["get"]
        assert {"period", "from", "to", "survey", "channel", "team", "kind", "segment"} <= {
            item["name"] for item in operation["parameters"]
        }
        assert operation["responses"]["200"]["content"]
