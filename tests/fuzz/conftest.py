"""The running survey of `tests.surveys`."""

import pytest

from tests.surveys.conftest import cast, published, questionnaire, record, survey

__all__ = ["cast", "published", "questionnaire", "record", "survey"]

pytest.register_assert_rewrite("tests.fuzz.life_machine")
