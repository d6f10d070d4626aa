import pytest

from surveys.services.decisions.deciding import decide_events


@pytest.fixture
def asked(cast, noon):
    """A maker of one event that was decided on; its message is queued."""

    def make(**event):
        row = cast.record(**event)
        decide_events(at=noon)
        return row

    return make
