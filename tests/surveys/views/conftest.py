from collections.abc import Callable
from typing import Any

import pytest

from tests.surveys.links import Invited, invite, publish


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
