"""Every rule that the database holds of open questionnaires is broken once."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction

from surveys.models import (
    OpenQuestionnaire,
    OpenResponse,
)
from tests.factories.common.constraints import breaks, copy, update
from tests.factories.surveys.opened import open_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(organisation, published) -> OpenQuestionnaire:
    return open_at(organisation, published)


def answer_openly(opened, published, noon, **changes):
    facts = {
        "answers": {},
        "answers_hash": b"x" * 32,
        "language": "en",
        "submitted_at": noon,
        "submission_key": uuid4().bytes,
    }
    with transaction.atomic():
        return OpenResponse.objects.create(open_questionnaire=opened, version=published, **(facts | changes))


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"code": "o0o0o0o0"}, "openquestionnaire_code_is_eight_clear_characters"),
        ({"code": "abc"}, "openquestionnaire_code_is_eight_clear_characters"),
        ({"label": ""}, "openquestionnaire_says_where_it_is"),
        ({"language": "fr"}, "openquestionnaire_is_in_a_known_language"),
        (
            {"starts_at": datetime(2026, 2, 1, tzinfo=UTC), "ends_at": datetime(2026, 1, 1, tzinfo=UTC)},
            "openquestionnaire_ends_after_it_starts",
        ),
        ({"closed_at": datetime(2025, 1, 1, tzinfo=UTC)}, "openquestionnaire_is_closed_after_it_was_made"),
    ],
)
def test_an_open_questionnaire_makes_sense(opened, changes, name):
    with breaks(name):
        update(OpenQuestionnaire, **changes)


def test_a_code_leads_to_one_place(opened):
    with breaks("code"):
        copy(opened)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"satisfaction": 6}, "openresponse_satisfaction_is_1_to_5"),
        ({"nps": 11}, "openresponse_nps_is_0_to_10"),
        ({"ces": 0}, "openresponse_ces_is_1_to_7"),
        ({"language": "fr"}, "openresponse_is_in_a_known_language"),
        ({"is_duplicate": True}, "openresponse_duplicate_is_of_a_device"),
    ],
)
def test_an_open_answer_makes_sense(opened, published, noon, changes, name):
    with breaks(name):
        answer_openly(opened, published, noon, **changes)


def test_a_form_that_was_handed_out_counts_once(opened, published, noon):
    answer_openly(opened, published, noon, submission_key=b"k" * 32)

    with breaks("submission_key"):
        answer_openly(opened, published, noon, submission_key=b"k" * 32)


def test_one_answer_of_a_device_is_its_first(opened, published, noon):
    answer_openly(opened, published, noon, device_mark=b"d" * 32)
    answer_openly(opened, published, noon, device_mark=b"d" * 32, is_duplicate=True)

    with breaks("openresponse_is_first_of_a_device_once"):
        answer_openly(opened, published, noon, device_mark=b"d" * 32)


@pytest.mark.parametrize("change", [lambda rows: rows.update(satisfaction=5), lambda rows: rows.delete()])
def test_an_open_answer_is_never_changed(opened, published, noon, change):
    answer_openly(opened, published, noon)

    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        change(OpenResponse.objects.all())
