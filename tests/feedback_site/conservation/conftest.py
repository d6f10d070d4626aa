"""What the tests of `verify` share."""

import pytest

from tests.factories.conservation.world import World, sample_world
from tests.factories.nps.fixtures import field_work
from tests.factories.visits.fixtures import repairs

__all__ = ["field_work", "repairs"]


@pytest.fixture
def world(organisation) -> World:
    """One event in every state of the ledger, and two ratings that were counted."""
    return sample_world(organisation)
