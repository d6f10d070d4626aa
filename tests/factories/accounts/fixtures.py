"""Staff at their browsers."""

import pytest


@pytest.fixture
def ada(client, staff):
    client.force_login(staff.ada)
    return client
