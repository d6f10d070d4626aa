"""The demo's stream of events and its simulated customers, against the running site."""

import random
import time

import pytest

from feedback_site.demo.outbox import OutboxReader
from feedback_site.demo.people import demo_addresses
from feedback_site.demo.simulated_customers import DELAY_SECONDS, SimulatedCustomers
from feedback_site.demo.trickle import EventStream
from surveys.models import Response
from tests.journeys.site import event_of, wait_for

pytestmark = pytest.mark.xdist_group("journeys")

LATER = DELAY_SECONDS[1] + 1


def test_the_stream_posts_events_and_about_half_of_its_customers_answer(site):
    dice = random.Random(5)  # noqa: S311 - the same customers each time
    customers = SimulatedCustomers(
        reader=OutboxReader(site.outbox, skip_existing=True), base_url=site.base_url, dice=dice
    )
    stream = EventStream(base_url=site.base_url, api_key=site.api_key, dice=dice)
    before = Response.objects.count()

    statuses = {stream.post_one().status for _ in range(30)}
    wait_for(
        lambda: (
            sum(message.address in demo_addresses() for message in OutboxReader(site.outbox).new_messages())
            >= 15
        )
    )
    now = time.monotonic()
    at_once = customers.step(now=now)
    answered = customers.step(now=now + LATER)

    assert statuses <= {200, 201}
    assert at_once == 0
    assert 3 <= answered <= 27
    assert Response.objects.count() == before + answered


def test_simulated_customers_leave_everybody_elses_messages_alone(site):
    dice = random.Random(5)  # noqa: S311 - the same customers each time
    customers = SimulatedCustomers(
        reader=OutboxReader(site.outbox, skip_existing=True), base_url=site.base_url, dice=dice
    )
    strangers = [
        {"external_id": f"S-{number}", "phone": f"+861208888{number:04}"} for number in range(9000, 9010)
    ]

    for stranger in strangers:
        site.post("service-events/", event_of(stranger["external_id"], customer=stranger))
    for stranger in strangers:
        site.message_to(stranger["phone"])
    now = time.monotonic()
    customers.step(now=now)
    customers.step(now=now + LATER)

    # Events of the stream may still send their messages, and their customers may answer.
    assert not Response.objects.filter(
        invitation__customer__external_id__in=[stranger["external_id"] for stranger in strangers]
    ).exists()
