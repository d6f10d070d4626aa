import io
import re
import threading
import time
from urllib.parse import urlencode

import pytest
from django.test import RequestFactory

from config import answer_path
from feedback_site.operations.slots import Slots
from surveys.models import PendingTally, Response
from tests.factories.config.frozen import SilentNetwork
from tests.factories.questionnaires.documents import publish
from tests.factories.surveys.links import GOOD_ANSWERS, invite

DEADLINE = 0.8


@pytest.fixture
def network(transactional_db):
    network = SilentNetwork()
    yield network
    network.close()


@pytest.fixture
def slots(network, monkeypatch):
    """One slot behind the network, with a deadline that a test can wait for."""
    monkeypatch.setattr(answer_path, "DEADLINE_SECONDS", DEADLINE)
    databases = []

    def make_database():
        databases.append(network.make_database())
        return databases[-1]

    yield Slots(most=1, most_waiting=1, make_database=make_database)
    network.speak()
    for database in databases:
        database.close()


@pytest.fixture
def link(organisation):
    return invite(organisation, publish())


class Served:
    """Send a request to the answer path as a web server does, and return the reply."""

    def __init__(self, slots, method, address, fields=None):
        body = urlencode(fields or {}).encode()
        environ = (
            RequestFactory()
            .generic(method, address, body, content_type="application/x-www-form-urlencoded")
            .environ
        )
        environ["wsgi.input"] = io.BytesIO(body)
        started = time.monotonic()
        self.body = b"".join(answer_path.serve(environ, self._start, slots=slots)).decode()
        self.seconds = time.monotonic() - started

    def _start(self, status, headers, exc_info=None):
        self.status, self.headers = int(status[:3]), dict(headers)

    @property
    def kept(self):
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', self.body))


def test_the_answer_path_serves_as_the_middleware_does(slots, client, link):
    shown, answered = Served(slots, "GET", link.address), Served(slots, "POST", link.address, GOOD_ANSWERS)
    page = client.get(f"{link.address}?lang=zh")

    assert (shown.status, answered.status) == (200, 200)
    assert shown.headers.keys() == page.headers.keys()
    assert (Response.objects.count(), PendingTally.objects.count()) == (1, 1)


def test_a_database_that_says_nothing_gets_a_page_with_the_answers_within_the_deadline(slots, network, link):
    Served(slots, "GET", link.address)
    network.fall_silent()

    reply = Served(slots, "POST", link.address, GOOD_ANSWERS)

    assert (reply.status, reply.headers["Retry-After"]) == (503, "5")
    assert reply.kept == GOOD_ANSWERS
    assert DEADLINE <= reply.seconds < DEADLINE + 0.5


def test_what_was_kept_is_sent_again_when_the_database_speaks_and_counts_once(slots, network, link):
    Served(slots, "GET", link.address)
    network.fall_silent()
    kept = Served(slots, "POST", link.address, GOOD_ANSWERS).kept
    network.speak()

    replies = [Served(slots, "POST", link.address, kept) for _ in range(2)]

    assert [reply.status for reply in replies] == [200, 200]
    assert (Response.objects.count(), PendingTally.objects.count()) == (1, 1)


def test_who_finds_no_slot_is_told_at_once_and_keeps_the_answers(slots, network, link):
    Served(slots, "GET", link.address)
    network.fall_silent()
    waiting = [threading.Thread(target=Served, args=(slots, "GET", link.address)) for _ in range(2)]
    for thread in waiting:
        thread.start()
    time.sleep(0.2)

    replies = [Served(slots, "POST", link.address, GOOD_ANSWERS), Served(slots, "GET", link.address)]
    network.speak()
    for thread in waiting:
        thread.join()

    assert [reply.status for reply in replies] == [503, 503]
    assert max(reply.seconds for reply in replies) < 0.2
    assert replies[0].kept == GOOD_ANSWERS
    assert 'type="hidden"' not in replies[1].body


def test_words_of_customers_are_escaped_where_they_are_kept(slots, network, link):
    Served(slots, "GET", link.address)
    network.fall_silent()

    page = Served(slots, "POST", link.address, {'"><script>': "<b>&'\"\r\nsecond line"}).body

    assert "<script>" not in page
    assert (
        '<input type="hidden" name="&quot;&gt;&lt;script&gt;" value="&lt;b&gt;&amp;&#x27;&quot;\r\nsecond '
        'line">' in page
    )


def test_a_body_that_breaks_off_takes_no_slot(slots, link):
    class Broken(io.BytesIO):
        def read(self, *_):
            message = "gone"
            raise OSError(message)

    environ = (
        RequestFactory()
        .post(link.address, b"x" * 50, content_type="application/x-www-form-urlencoded")
        .environ
    )
    environ["wsgi.input"] = Broken()
    statuses = []

    answer_path.serve(environ, lambda status, _headers: statuses.append(status), slots=slots)

    assert statuses == ["400 Bad Request"]
    assert Served(slots, "GET", link.address).status == 200
