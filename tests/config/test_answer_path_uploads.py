"""Forms with files on the answer path are read before they take a slot, so many at a time.

Others are refused with a page that keeps what it can.
"""

import io
import threading

import pytest
from django.test import RequestFactory

from config import answer_path
from feedback_site.common.public_pages import uploads
from feedback_site.common.public_pages.uploads import Turns, read_whole
from feedback_site.operations.slots import Slots, impatient_database
from tests.factories.common.pictures import PDF

BOUNDARY = "x"
BODY = (
    b'--x\r\nContent-Disposition: form-data; name="overall"\r\n\r\n4\r\n'
    b'--x\r\nContent-Disposition: form-data; name="photo.file"; filename="a.pdf"\r\n\r\n'
    + PDF
    + b"\r\n--x--\r\n"
)


class Stream(io.BytesIO):
    """Counts the bytes that were taken from it."""

    def read(self, size: int = -1) -> bytes:
        piece = super().read(size)
        self.taken = getattr(self, "taken", 0) + len(piece)
        return piece


@pytest.fixture
def full():
    """Slots of which the only one is taken, and no one may wait."""
    slots = Slots(most=1, most_waiting=1, make_database=impatient_database)
    slots._queue.acquire()
    slot = slots.lend(until=float("inf"))
    yield slots
    slots.take_back(slot)


def serve(slots, body=BODY, length=None, address=f"/r/{'A' * 22}/"):
    environ = (
        RequestFactory()
        .generic("POST", address, body, content_type=f"multipart/form-data; boundary={BOUNDARY}")
        .environ
    )
    environ["wsgi.input"] = Stream(body)
    environ["CONTENT_LENGTH"] = str(length or len(body))
    said = []
    page = b"".join(
        answer_path.serve(environ, lambda status, headers: said.append((status, dict(headers))), slots=slots)
    )
    return int(said[0][0][:3]), said[0][1], page.decode(), getattr(environ["wsgi.input"], "taken", 0)


def test_without_a_place_the_words_are_kept_and_the_file_is_asked_for_again(full):
    status, headers, page, taken = serve(full)

    assert (status, headers["Retry-After"], taken) == (503, "5", len(BODY))
    assert '<form method="post" enctype="multipart/form-data">' in page
    assert '<input type="hidden" name="overall" value="4">' in page
    assert page.count('<input type="file" class="field" name="photo.file">') == 1


@pytest.fixture
def no_turn(monkeypatch):
    turns = Turns(most=1, most_beside=0)
    monkeypatch.setattr(answer_path, "_uploads", turns)
    with turns.take():
        yield


@pytest.mark.usefixtures("no_turn")
@pytest.mark.parametrize(
    ("length", "taken"),
    [(None, len(BODY)), (len(BODY) + 40, len(BODY)), (4 * uploads.MOST_BYTES + 1, 0), ("many", 0), ("-5", 0)],
)
def test_without_a_turn_what_is_sent_is_dropped_so_that_the_page_which_says_when_to_come_back_is_read(
    full, length, taken
):
    status, headers, page, read = serve(full, length=length)

    assert (status, headers["Retry-After"], read) == (503, "5", taken)
    assert "We are busy for a moment" in page


@pytest.mark.usefixtures("no_turn")
def test_only_so_many_are_dropped_at_a_time_and_none_for_long(full, monkeypatch):
    monkeypatch.setattr(uploads, "_dropping", threading.BoundedSemaphore(1))

    with uploads._dropping:
        assert serve(full)[::3] == (503, 0)
    assert serve(full)[::3] == (503, len(BODY))
    monkeypatch.setattr(uploads, "DROPPING_SECONDS", 0.0)
    assert serve(full)[::3] == (503, 0)
    assert uploads._dropping.acquire(blocking=False)


@pytest.mark.parametrize(
    ("body", "length", "status", "taken"),
    [
        (BODY[:-40], len(BODY), 400, len(BODY) - 40),
        (b"x" * (uploads.MOST_BYTES + 1), None, 413, uploads.MOST_BYTES + 1),
        (BODY, "-5", 503, 0),
        (BODY, "many", 400, 0),
    ],
)
def test_a_body_that_is_not_whole_or_too_large_takes_no_slot(full, body, length, status, taken):
    assert serve(full, body, length)[::3] == (status, taken)


def test_where_no_files_are_asked_for_they_are_not_even_read(full):
    assert serve(full, address="/voice/")[::3] == (415, 0)


def test_only_so_many_forms_with_files_are_read_at_a_time_and_the_next_waits(monkeypatch):
    monkeypatch.setattr(uploads, "PATIENCE_SECONDS", 0.05)
    turns = Turns(most=1, most_beside=1)

    with turns.take(), pytest.raises(uploads.NoTurn), turns.take():
        pass
    with turns.take():
        assert len(turns._moved) == 1
    assert (turns._moved, turns._waiting) == ({}, 0)


def test_one_that_waits_goes_on_when_another_is_done():
    turns, order = Turns(most=1, most_beside=1), []

    def second():
        with turns.take():
            order.append("second")

    with turns.take():
        waiting = threading.Thread(target=second)
        waiting.start()
        while not turns._waiting:
            pass
        order.append("first")
    waiting.join(3)

    assert order == ["first", "second"]


def test_a_sender_who_stands_still_no_longer_keeps_others_waiting(monkeypatch):
    monkeypatch.setattr(uploads, "STILL_SECONDS", 0.0)
    turns = Turns(most=1, most_beside=1)

    with turns.take(), turns.take(), pytest.raises(uploads.NoTurn), turns.take():
        pass


def test_a_sender_who_trickles_is_left_alone_after_a_while():
    reads = threading.Semaphore(0)

    class Trickle:
        def read(self, _size):
            reads.release()
            return b"x"

    assert read_whole(Trickle(), 1_000_000, until=0.0, go_on=int) is None
    assert not reads.acquire(blocking=False)
