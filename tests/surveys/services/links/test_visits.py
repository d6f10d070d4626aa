import os
import threading
import uuid
from datetime import timedelta

import pytest

from surveys.models import LinkVisit
from surveys.services.links import visits as link_visits
from surveys.services.links.visits import count_visit, flush_visits
from tests.factories.surveys.links import INVITED_AT

pytestmark = pytest.mark.django_db

NINE = INVITED_AT + timedelta(hours=9)
TEN = INVITED_AT + timedelta(hours=10)
ELEVEN = INVITED_AT + timedelta(hours=11)


@pytest.fixture(autouse=True)
def _nothing_waits():
    flush_visits()


def test_visits_add_up_over_flushes(link):
    for at in (TEN, ELEVEN):
        count_visit(invitation_id=link.invitation.pk, at=at)
    flush_visits()
    count_visit(invitation_id=link.invitation.pk, at=NINE)
    flush_visits()

    visit = LinkVisit.objects.get()
    assert (visit.first_at, visit.last_at, visit.count) == (NINE, ELEVEN, 3)


def test_a_flush_of_many_links_is_one_statement_and_of_none_is_none(make_link, django_assert_num_queries):
    for link in [make_link() for _ in range(5)]:
        count_visit(invitation_id=link.invitation.pk, at=TEN)

    with django_assert_num_queries(1):
        flush_visits()
        flush_visits()

    assert LinkVisit.objects.count() == 5


def test_a_link_that_is_gone_does_not_cost_the_others(link):
    count_visit(invitation_id=uuid.uuid4(), at=TEN)
    count_visit(invitation_id=link.invitation.pk, at=TEN)

    flush_visits()

    assert LinkVisit.objects.get().pk == link.invitation.pk


def test_no_visit_is_lost_between_threads(link):
    def open_often():
        for _ in range(200):
            count_visit(invitation_id=link.invitation.pk, at=TEN)

    threads = [threading.Thread(target=open_often) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flush_visits()

    assert LinkVisit.objects.get().count == 1600


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # the very thing under test
def test_a_fork_starts_with_nothing_waiting(link):
    count_visit(invitation_id=link.invitation.pk, at=TEN)

    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, str(len(link_visits._waiting)).encode())
        os._exit(0)
    os.waitpid(child, 0)

    assert os.read(reader, 10) == b"0"
    assert len(link_visits._waiting) == 1


def test_what_waits_is_bounded(settings, monkeypatch):
    monkeypatch.setattr(link_visits, "MOST_WAITING", 3)
    for _ in range(5):
        count_visit(invitation_id=uuid.uuid4(), at=TEN)

    assert len(link_visits._waiting) == 3


def test_two_scores_sooner_than_anybody_changes_their_mind_are_a_machines(link):
    for score, seconds in ((1, 0), (5, 45)):
        count_visit(invitation_id=link.invitation.pk, at=TEN + timedelta(seconds=seconds), score=score)
    flush_visits()

    visit = LinkVisit.objects.get()
    assert (visit.count, visit.quarantined_at) == (2, TEN + timedelta(seconds=45))
    assert not LinkVisit.objects.filter(quarantined_at__isnull=True).exists()


def test_two_scores_that_come_to_two_processes_are_told_from_one(link):
    for score, seconds in ((1, 0), (5, 40)):
        count_visit(invitation_id=link.invitation.pk, at=TEN + timedelta(seconds=seconds), score=score)
        flush_visits()

    assert LinkVisit.objects.get().quarantined_at == TEN + timedelta(seconds=40)


@pytest.mark.parametrize("flushes", [True, False])
@pytest.mark.parametrize(
    "visits",
    [[(4, 0), (4, 1)], [(4, 0), (5, 46)], [(4, 0), (None, 1)], [(None, 0), (5, 1)], [(None, 0), (None, 1)]],
)
def test_who_opens_one_score_again_or_another_later_may_be_a_person(link, visits, flushes):
    for score, seconds in visits:
        count_visit(invitation_id=link.invitation.pk, at=TEN + timedelta(seconds=seconds), score=score)
        if flushes:
            flush_visits()
    flush_visits()

    assert LinkVisit.objects.filter(quarantined_at__isnull=True).get().count == 2


def test_what_opens_a_link_that_no_person_sees_is_a_machine_and_stays_one(link):
    count_visit(invitation_id=link.invitation.pk, at=TEN)
    flush_visits()
    count_visit(invitation_id=link.invitation.pk, at=ELEVEN, is_machine=True)
    flush_visits()
    count_visit(invitation_id=link.invitation.pk, at=ELEVEN + timedelta(days=1))
    flush_visits()

    visit = LinkVisit.objects.get()
    assert (visit.first_at, visit.count, visit.quarantined_at) == (TEN, 3, ELEVEN)
