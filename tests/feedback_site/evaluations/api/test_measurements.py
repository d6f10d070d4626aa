"""`POST /api/v1/measurements/`: figures that other systems measure."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.services import create_api_key
from feedback_site.evaluations.api.measurements import EXAMPLE
from feedback_site.evaluations.models import EvaluationRecord, Measurement, MeasurementStatement

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
        ({"subject_kind": "agent"}, '"subject_kind"'),
        ({"low": "90"}, "both its ends"),
        ({"low": "94", "high": "95"}, "hold the value"),
        ({"surprise": 1}, '"surprise"'),
        ({"value": "NaN"}, '"value"'),
    ],
)
def test_what_cannot_be_true_is_refused_by_name(post, changes, names):
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
