"""`POST /api/v1/measurements/`: figures that other systems measure."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.services import create_api_key
from feedback_site.evaluations.api.measurements import EXAMPLE
from feedback_site.evaluations.models import (
    EvaluationRecord,
    Measurement,
    MeasurementStatement,
    code_of_subject,
)
from feedback_site.service_events.models import Agent

PAPER = Path(__file__).resolve().parents[4] / "docs" / "measurements.md"


@pytest.fixture
def post(client, scheme, organisation):
    keys = {
        "all": create_api_key(name="call centre", grants=[Grant.MEASUREMENTS_WRITE], team=None)[1],
        "east": create_api_key(name="east", grants=[Grant.MEASUREMENTS_WRITE], team=organisation.east)[1],
        "reader": create_api_key(name="reader", grants=[Grant.METRICS_READ], team=None)[1],
    }

    def post(body, *, key="all"):
        headers = {"Authorization": f"Api-Key {keys[key]}"}
        return client.post(
            "/api/v1/measurements/", json.dumps(body), content_type="application/json", headers=headers
        )

    return post


@pytest.fixture
def agents(organisation):
    """A17 of east-1; A18, whom two systems know; and B9 of west-1."""
    rows = (("crm", "A17", "east_1"), ("crm", "A18", "east_1"), ("shop", "A18", "east_1"))
    for source, code, team in (*rows, ("crm", "B9", "west_1")):
        Agent.objects.create(source=source, code=code, team=getattr(organisation, team))


def measured(team, kind="month"):
    row = Measurement.objects.filter(indicator__slug="phone_answer_rate", team=team, period_kind=kind).first()
    return row and (row.value, row.n)


def test_the_example_of_the_readme_and_the_schema_is_taken_and_taken_once(post, organisation):
    written = re.search(r"```json measurement\n(.*?)```", PAPER.read_text(), re.DOTALL)
    assert written is not None
    body = json.loads(written.group(1))
    assert body == EXAMPLE

    first, again = post(body), post(body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json()["outcome"], again.json()["outcome"], again.json()["revision"]) == (
        "new",
        "repeated",
        1,
    )
    assert measured(organisation.east_1) == (Decimal("93.5"), 412)
    assert MeasurementStatement.objects.get().api_key.name == "call centre"
    assert EvaluationRecord.objects.filter(team=organisation.east, period_kind="month").exists()


def test_another_value_is_a_revision_on_record(post, organisation):
    post(EXAMPLE)

    answer = post({**EXAMPLE, "value": "95"})

    assert (answer.status_code, answer.json()["outcome"], answer.json()["revision"]) == (200, "revised", 2)
    assert list(MeasurementStatement.objects.order_by("revision").values_list("value", flat=True)) == [
        Decimal("93.5"),
        Decimal(95),
    ]
    assert measured(organisation.east_1) == (95, 412)


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"value": "100.1"}, "between 0 and 100"),
        ({"value": "-0.1"}, "between 0 and 100"),
        ({"n": 0}, "sample size"),
        ({"n": -1}, '"n"'),
        ({"value": None}, "needs a sample size"),
        ({"period_start": "2026-11-02"}, "first day"),
        ({"period_kind": "quarter"}, "first day"),
        ({"source": "survey"}, '"source"'),
        ({"indicator": "resolution_rate", "source": "crm"}, "calculated by the site itself"),
        (
            {"indicator": "customer_satisfaction", "source": "survey", "value": "4"},
            "calculated by the site itself",
        ),
        ({"subject": "nowhere"}, '"subject"'),
        ({"subject_kind": "customer"}, '"subject_kind"'),
        ({"subject_kind": "agent"}, "Name the team"),
        ({"subject_kind": "agent", "team": "east-1"}, "no agent with this staff number"),
        ({"subject_kind": "agent", "subject": "A17", "team": "nowhere"}, '"team"'),
        ({"subject_kind": "agent", "subject": "A18", "team": "east-1"}, '"subject_source"'),
        ({"subject_kind": "channel", "subject": "post"}, "on_site, phone"),
        ({"subject_kind": "kind", "subject": "phone"}, "after_sales_repair, complaint_handling"),
        ({"subject_kind": "whole"}, "neither code nor team"),
        ({"subject_kind": "whole", "subject": "", "team": "east-1"}, "neither code nor team"),
        ({"team": "east-1"}, "as the subject alone"),
        ({"subject_source": "crm"}, "Only agents"),
        ({"subject": ["east-1"]}, '"subject"'),
        ({"subject_kind": "agent", "subject": {"code": "A17"}, "team": "east-1"}, '"subject"'),
        ({"period_kind": "week"}, "first day"),
        ({"period_kind": "half_year", "period_start": "2026-10-01"}, "first day"),
        ({"low": "90"}, "both its ends"),
        ({"low": "94", "high": "95"}, "hold the value"),
        ({"surprise": 1}, '"surprise"'),
        ({"value": "NaN"}, '"value"'),
    ],
)
def test_what_cannot_be_true_is_refused_by_name(post, agents, changes, names):
    answer = post({**EXAMPLE, **changes})

    assert answer.status_code == 400
    assert names in answer.content.decode()
    assert not Measurement.objects.exists()


def test_a_key_without_the_grant_and_a_team_out_of_scope_are_refused_alike_to_one_that_is_not_there(
    post, organisation
):
    assert post(EXAMPLE, key="reader").status_code == 403

    foreign, unknown = (
        post({**EXAMPLE, "subject": "west-1"}, key="east"),
        post({**EXAMPLE, "subject": "nowhere"}, key="east"),
    )

    assert (foreign.status_code, foreign.json()) == (unknown.status_code, unknown.json())
    assert post({**EXAMPLE, "subject": "east"}, key="east").status_code == 201
    assert not Measurement.objects.filter(team=organisation.west_1).exists()


@pytest.mark.parametrize(
    ("about", "key"),
    [
        ({"subject_kind": "agent", "subject": "A17", "team": "east-1"}, "east"),
        ({"subject_kind": "agent", "subject": "A18", "team": "east-1", "subject_source": "shop"}, "east"),
        ({"subject_kind": "channel", "subject": "phone", "team": "east"}, "east"),
        ({"subject_kind": "channel", "subject": "phone"}, "all"),
        ({"subject_kind": "kind", "subject": "after_sales_repair", "team": "east-1"}, "all"),
        ({"subject_kind": "whole", "subject": ""}, "all"),
    ],
)
def test_every_subject_and_period_is_stated_once_and_shown_as_it_was_named(post, agents, about, key):
    week = {**EXAMPLE, **about, "period_kind": "week", "period_start": "2026-11-23"}

    first, again = post(week, key=key), post(week, key=key)

    assert (first.status_code, again.status_code, again.json()["outcome"]) == (201, 200, "repeated")
    assert {name: first.json()[name] for name in about} == about
    row = Measurement.objects.get()
    assert (row.subject_kind, code_of_subject(row)) == (about["subject_kind"], about["subject"])
    assert (row.team and row.team.code) == about.get("team")
    assert (row.agent and row.agent.source) == about.get("subject_source", row.agent and "crm")


@pytest.mark.parametrize(
    "about",
    [
        {"subject_kind": "whole", "subject": ""},
        {"subject_kind": "channel", "subject": "phone"},
        {"subject_kind": "channel", "subject": "phone", "team": "west-1"},
        {"subject_kind": "agent", "subject": "A17", "team": "west-1"},
        {"subject_kind": "agent", "subject": "B9", "team": "east-1"},
    ],
)
def test_a_key_states_nothing_beyond_its_teams(post, agents, about):
    answer = post({**EXAMPLE, **about}, key="east")
    missing = {"team": "nowhere"} if about.get("team") == "west-1" else {"subject": "B0"}

    assert answer.status_code == 400
    if "team" in about:
        # Refused like what is not there.
        assert answer.json() == post({**EXAMPLE, **about, **missing}, key="east").json()
    assert not Measurement.objects.exists()


def test_months_of_a_channel_are_pooled_into_its_quarter(post, organisation):
    about = {"subject_kind": "channel", "subject": "phone", "team": "east"}
    post({**EXAMPLE, **about, "value": "90", "n": 100})
    post({**EXAMPLE, **about, "period_start": "2026-10-01", "value": "60", "n": 50})

    quarter = Measurement.objects.get(period_kind="quarter")

    assert (quarter.channel, quarter.team, quarter.value, quarter.n) == (
        organisation.phone,
        organisation.east,
        80,
        150,
    )


def test_a_list_answers_207_and_takes_what_is_valid(post, organisation):
    answer = post(
        [
            EXAMPLE,
            {**EXAMPLE, "value": "101"},
            {"indicator": "?"},
            EXAMPLE,
            {**EXAMPLE, "subject": "west-1", "n": 10},
        ]
    )

    assert answer.status_code == 207
    assert [(row["index"], row["status"]) for row in answer.json()["results"]] == [
        (0, 201),
        (1, 400),
        (2, 400),
        (3, 200),
        (4, 201),
    ]
    assert (measured(organisation.east_1), measured(organisation.west_1)) == (
        (Decimal("93.5"), 412),
        (Decimal("93.5"), 10),
    )


def test_figures_are_pooled_up_the_tree_by_their_cases_and_into_the_quarter(post, organisation):
    post({**EXAMPLE, "value": "90", "n": 300})
    post({**EXAMPLE, "subject": "east", "value": "50", "n": 1, "period_start": "2026-10-01"})
    sister = type(organisation.east)(
        code="east-2", names={"en": "East 2", "zh-hans": "东二"}, parent=organisation.east, kind="station"
    )
    sister.save()
    post({**EXAMPLE, "subject": "east-2", "value": "60", "n": 100})

    month = Measurement.objects.get(
        indicator__slug="phone_answer_rate", team=organisation.east, period_start="2026-11-01"
    )
    # (90 x 300 + 60 x 100) / 400, not the mean of 90 and 60.
    assert (month.value, month.n, month.evidence) == (
        Decimal("82.5"),
        400,
        {"pooled_teams": ["east-1", "east-2"]},
    )
    assert measured(organisation.east, "quarter") == (Decimal("82.4190"), 401)

    post({**EXAMPLE, "subject": "east-2", "value": None, "n": 0})
    assert measured_of(organisation.east) == (90, 300)
    post({**EXAMPLE, "subject": "east", "value": "70", "n": 7})
    post({**EXAMPLE, "value": "99", "n": 300})
    assert measured_of(organisation.east) == (70, 7)


def measured_of(team):
    row = Measurement.objects.get(
        indicator__slug="phone_answer_rate", team=team, period_kind="month", period_start="2026-11-01"
    )
    return row.value, row.n
