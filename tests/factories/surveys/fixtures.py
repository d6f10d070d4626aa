"""A running survey, and links to a published questionnaire."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from surveys.models import Survey
from tests.factories.questionnaires.documents import publish
from tests.factories.surveys.links import Invited, invite


@pytest.fixture
def survey(questionnaire, published) -> Survey:
    """The rule that asks about every event."""
    return Survey.objects.create(slug="after-service", name="After a service", questionnaire=questionnaire)


@pytest.fixture
def cast(organisation, survey, record) -> SimpleNamespace:
    """A running survey and a way to record events."""
    return SimpleNamespace(organisation=organisation, survey=survey, record=record)


@pytest.fixture
def version(organisation):
    return publish()


@pytest.fixture
def make_link(organisation, version) -> Callable[..., Invited]:
    def make(**fields: Any) -> Invited:
        return invite(organisation, fields.pop("version", version), **fields)

    return make


@pytest.fixture
def link(make_link) -> Invited:
    """An open link of an English-reading customer."""
    return make_link()
