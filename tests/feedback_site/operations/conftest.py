"""What the tests of the figures share."""

import pytest

from tests.factories.conservation.world import World, sample_world


@pytest.fixture
def world(organisation) -> World:
    """One event in every state of the ledger, and two ratings that were counted."""
    return sample_world(organisation)
