from datetime import timedelta

import pytest

from surveys.services.responses.importing import (
    ElsewhereAnswer,
    record_elsewhere,
)


@pytest.fixture
def take_in(survey, noon):
    """Take in answers of the old system.

    `(number, fields of the answer)` each, two hours before noon unless told otherwise.
    """

    def take_in(*answers, survey=survey, at=noon):
        made = [
            ElsewhereAnswer(
                **{
                    "system": "old",
                    "external_id": number,
                    "fields": {"overall": ["4"]},
                    "answered_at": noon - timedelta(hours=2),
                }
                | more
            )
            for number, more in answers
        ]
        return record_elsewhere(survey=survey, answers=made, at=at)

    return take_in
