from datetime import timedelta

import pytest

from feedback_site.common.clock import database_now
from surveys.models import Invitation
from surveys.services.decisions.deciding import decide_events
from surveys.services.responses.answering import Submission, submit_responses
from tests.factories.service_events.api_calls import system


@pytest.fixture
def crm(api_key):
    return system(api_key)


@pytest.fixture
def now(db):
    return database_now()


@pytest.fixture
def invited(cast, now):
    """A maker of invitations to events completed an hour ago."""

    def make(**event):
        event = cast.record(at=now, **({"completed_at": now - timedelta(hours=1)} | event))
        decide_events(at=now)
        return Invitation.objects.get(service_event=event)

    return make


@pytest.fixture
def answered(invited, now):
    """A maker of invitations answered on our page."""

    def make(score=4, nps=None, **event):
        invitation = invited(**event)
        submit_responses([Submission(invitation.pk, {"overall": score}, score, nps, "zh-hans")], at=now)
        return invitation

    return make
