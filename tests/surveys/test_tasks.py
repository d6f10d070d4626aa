import pytest
from celery import current_app

from feedback_site.delivery.models import Message
from surveys.models import EventDecision, Invitation, PendingTally, ResponseTally
from surveys.services.responses.answering import Submission, submit_responses
from surveys.tasks import consume_tallies_task, decide_events_task, queue_invitations_task

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name",
    [
        "surveys.decide_events",
        "surveys.apply_transitions",
        "surveys.queue_invitations",
        "surveys.consume_tallies",
    ],
)
def test_the_beat_table_names_tasks_that_exist(name):
    assert name in current_app.tasks
    assert name in {entry["task"] for entry in current_app.conf.beat_schedule.values()}


def test_the_sweeps_take_an_event_to_its_tally(cast, noon):
    cast.record(at=noon, is_replayed=True)

    decide_events_task(everything=True)
    queue_invitations_task()
    invitation = Invitation.objects.get()
    submit_responses([Submission(invitation.pk, {"overall": 5}, 5, None, "zh-hans")], at=noon)
    consume_tallies_task()

    assert (EventDecision.objects.count(), Message.objects.count()) == (1, 1)
    assert (PendingTally.objects.count(), ResponseTally.objects.filter(measure="response").count()) == (0, 1)
