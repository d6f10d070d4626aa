"""The running survey."""

from tests.factories.questionnaires.fixtures import published, questionnaire
from tests.factories.service_events.fixtures import record
from tests.factories.surveys.fixtures import cast, survey

__all__ = ["cast", "published", "questionnaire", "record", "survey"]
