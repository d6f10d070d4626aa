"""What a request of the matrix wrote is undone, whatever it was, and what the test wrote stays."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from feedback_site.customers.models import Segment
from tests.isolation.asking import Undoing


@pytest.fixture
def undoing(db):
    undoing = Undoing()
    with undoing.watching():
        yield undoing


def write(slug):
    Segment.objects.create(slug=slug, names={"en": slug, "zh-hans": slug})


def slugs():
    return set(Segment.objects.values_list("slug", flat=True))


def test_what_a_request_wrote_is_undone_and_what_the_test_wrote_before_and_between_stays(undoing):
    for own in ("first", "second"):
        write(own)
        for _ in range(2):
            with undoing.undone():
                write("asked")
                transaction.on_commit(lambda: write("promised"))

    assert slugs() == {"first", "second"}
    assert connection.run_on_commit == []


def test_after_a_request_that_broke_the_transaction_the_next_is_answered(undoing):
    with undoing.undone(), pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")

    assert slugs() == set()


def test_a_savepoint_of_the_tests_own_may_end_between_two_requests(undoing):
    with transaction.atomic():
        with undoing.undone():
            write("asked")
        transaction.set_rollback(True)
    with undoing.undone():
        write("asked again")

    assert slugs() == set()


@pytest.mark.parametrize(
    "writing",
    [
        "SELECT set_config('a.b', 'c', true)",
        "SELECT nextval('django_migrations_id_seq')",
        "SELECT FROM accounts_team FOR UPDATE",
    ],
)
def test_a_question_may_write_too(undoing, writing):
    with undoing.undone(), connection.cursor() as cursor:
        cursor.execute(writing)
        assert undoing.is_written


def test_requests_that_only_read_cost_no_statement_of_their_own(undoing):
    with undoing.undone():
        slugs()

    with CaptureQueriesContext(connection) as asked, undoing.undone():
        slugs()

    assert len(asked) == 1
