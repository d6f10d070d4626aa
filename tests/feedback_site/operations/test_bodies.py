"""Bodies are read before a slot is taken, by so many threads.

The surplus is refused unread, and so is what its headers refuse.
"""

import io
import threading
import time
from http import HTTPStatus

import pytest
from django.test import RequestFactory

from config import answer_path, wsgi
from feedback_site.common.public_pages import uploads
from feedback_site.common.uploads import MOST_BYTES
from feedback_site.operations.bodies import BrokenBody, NoReader, Readers, read_first, stated_length
from feedback_site.operations.processes import WEB_THREADS
from feedback_site.operations.slots import Slots, impatient_database
from surveys.services.responses.background import background

# A person who imports the web server's entry lets its thread count visits,
# here in the process of all tests: they count for themselves.
background.stop()

WEBHOOK = "/api/v1/webhooks/service-events/crm/"


class Slow:
    """A body of which one piece comes, and no more until it is let go."""

    def __init__(self, piece: bytes = b"a=") -> None:
        self.piece, self.asked, self.go = piece, threading.Event(), threading.Event()

    def read(self, _size: int = -1) -> bytes:
        self.asked.set()
        self.go.wait(10)
        piece, self.piece = self.piece, b""
        return piece


class Unread:
    """A body that no one may touch."""

    def read(self, _size: int = -1) -> bytes:
        raise AssertionError

    readline = read


def environ_of(path, stream, *, length=50, method="POST", **headers):
    made = (
        RequestFactory().generic(method, path, b"", content_type="application/x-www-form-urlencoded").environ
    )
    return {**made, "wsgi.input": stream, "CONTENT_LENGTH": str(length), **headers}


def ask(environ):
    said = []
    body = b"".join(
        wsgi.application(environ, lambda status, headers: said.append((int(status[:3]), dict(headers))))
    )
    return (*said[0], body)


def signed(**changes):
    headers = {"ID": "msg_1", "TIMESTAMP": str(int(time.time())), "SIGNATURE": "v1,aGVsbG8="} | changes
    return {f"HTTP_WEBHOOK_{name}": value for name, value in headers.items() if value is not None}


@pytest.fixture(autouse=True)
def no_connection_is_left():
    yield
    for slots in (wsgi._customers, wsgi._others, wsgi._operators):
        for slot in slots._all:
            slot.database.close()


@pytest.fixture
def senders():
    """Start requests that send half a body each; they end after the test."""
    threads, streams = [], []

    def start(path, count, **headers):
        for _ in range(count):
            stream = Slow()
            threads.append(
                threading.Thread(target=ask, args=(environ_of(path, stream, **headers),), daemon=True)
            )
            streams.append(stream)
            threads[-1].start()
            assert stream.asked.wait(5)

    yield start
    for stream in streams:
        stream.go.set()
    for thread in threads:
        thread.join(10)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/admin/login/", {}),
        ("/api/v1/service-events/", {"HTTP_AUTHORIZATION": "Api-Key a.b"}),
        (WEBHOOK, signed()),
    ],
)
def test_half_sent_bodies_take_no_place_from_staff_systems_and_operators(senders, path, headers):
    senders(path, 12, **headers)

    assert wsgi._others._free.qsize() == 6
    assert ask(environ_of("/health/", Unread(), method="GET", length=0))[0] == HTTPStatus.OK


@pytest.mark.django_db
def test_half_sent_bodies_of_customers_are_refused_unread_when_no_thread_is_left_for_them(
    senders, monkeypatch
):
    monkeypatch.setattr(answer_path, "readers", Readers(most=3))
    senders("/voice/", 3)

    status, headers, page = ask(environ_of("/voice/", Unread()))

    assert (status, headers["Retry-After"]) == (503, "5")
    assert "We are busy for a moment" in page.decode() or "We are busy right now" in page.decode()
    assert ask(environ_of("/r/no-link/", Unread(), method="GET", length=0))[0] == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("path", "readers", "headers"),
    [
        ("/admin/login/", "_staff_bodies", {}),
        ("/api/v1/responses/", "_systems_bodies", {"HTTP_AUTHORIZATION": "Api-Key a.b"}),
    ],
)
def test_the_surplus_is_refused_unread(monkeypatch, path, readers, headers):
    monkeypatch.setattr(wsgi, readers, Readers(most=1))

    with getattr(wsgi, readers):
        status, told, body = ask(environ_of(path, Unread(), **headers))

    assert (status, told["Retry-After"], body) == (503, "5", b"")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/api/v1/service-events/", {}, 401),
        (WEBHOOK, {}, 401),
        (WEBHOOK, signed(ID=None), 401),
        (WEBHOOK, signed(TIMESTAMP="yesterday"), 401),
        (WEBHOOK, signed(TIMESTAMP=str(int(time.time()) - 3600)), 401),
        (WEBHOOK, signed(SIGNATURE="v2,aGVsbG8="), 401),
        ("/health/", {}, 403),
        ("/metrics", {}, 403),
    ],
)
def test_what_its_headers_refuse_is_not_read(path, headers, status):
    assert ask(environ_of(path, Unread(), **headers))[0] == status


@pytest.mark.parametrize("size", [50, 1_200_000])
def test_a_body_that_may_be_good_is_read_whole_and_no_further(size):
    environ = environ_of("/admin/login/", io.BytesIO(b"x" * size + b"GET / HTTP/1.1"), length=size)

    with read_first(environ, Readers(most=1)):
        assert environ["wsgi.input"].read() == b"x" * size


def test_a_sender_that_stops_is_told_that_its_request_is_broken():
    environ = environ_of("/admin/login/", io.BytesIO(b"x" * 49))

    assert ask(environ)[0] == HTTPStatus.BAD_REQUEST
    with pytest.raises(BrokenBody), read_first(environ_of("/admin/login/", io.BytesIO(b"")), Readers(most=1)):
        pass


def test_a_body_beyond_all_bounds_is_left_unread():
    environ = environ_of("/admin/", Unread(), length=MOST_BYTES + 1)

    with read_first(environ, Readers(most=1)):
        assert environ["wsgi.input"].read() == b""


@pytest.mark.parametrize(("stated", "length"), [("", 0), ("12", 12), ("many", 0), ("-5", -5)])
def test_a_length_that_is_none_is_none(stated, length):
    assert stated_length(environ_of("/", Unread(), length=stated)) == length


def test_a_reader_is_free_again_however_the_reading_ended():
    readers = Readers(most=1)

    with pytest.raises(BrokenBody), read_first(environ_of("/admin/", io.BytesIO(b"x")), readers):
        pass
    with readers, pytest.raises(NoReader), readers:
        pass
    with readers:
        pass


def test_there_is_always_a_thread_to_refuse_with():
    """The sum of all that can hold a thread of the web server."""
    readers = [answer_path.readers, wsgi._systems_bodies, wsgi._staff_bodies]
    slots = [wsgi._customers, wsgi._others, wsgi._operators]
    held = sum(reader.most for reader in readers) + sum(slot.most_threads for slot in slots)

    assert held + answer_path._uploads.most_threads + uploads.MOST_DROPPED < WEB_THREADS


def test_places_know_how_many_threads_they_hold():
    assert Slots(most=2, most_waiting=3, make_database=impatient_database).most_threads == 5


def test_a_body_that_comes_too_slowly_is_given_up_and_its_reader_is_free():
    readers = Readers(most=1)
    whole, slow = (
        environ_of("/admin/", io.BytesIO(b"x" * size), length=size) for size in (64 * 1024, 64 * 1024 + 1)
    )

    with read_first(whole, readers, most_seconds=0.0):  # the last piece may be late: all is here
        assert len(whole["wsgi.input"].read()) == 64 * 1024
    with pytest.raises(BrokenBody), read_first(slow, readers, most_seconds=0.0):
        pass
    with readers:
        pass
