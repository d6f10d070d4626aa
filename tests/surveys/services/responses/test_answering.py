import threading
import uuid
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.db.utils import IntegrityError
from django.test import Client

from feedback_site.common.clock import database_now
from surveys.models import Invitation, PendingTally, Response
from surveys.services.responses.answering import AnsweredForm, Outcome, Receipt, Submission, submit_responses
from surveys.services.responses.hashing import hash_answers
from tests.factories.questionnaires.documents import publish
from tests.factories.surveys.links import GOOD_ANSWERS, INVITED_AT, invite, send

AT = INVITED_AT + timedelta(days=1)
LATER = AT + timedelta(hours=1)


def submission(link, score=4, **more):
    fields = {
        "invitation_id": link.invitation.pk,
        "answers": {"overall": score},
        "satisfaction": score,
        "nps": None,
        "language": "en",
    }
    return Submission(**{**fields, **more})


def outcomes(batch, at=AT):
    return [receipt.outcome for receipt in submit_responses(batch, at=at)]


@pytest.mark.django_db
def test_an_empty_batch_is_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert submit_responses([], at=AT) == []


def as_form(one):
    """Name the invitation by what its form says instead of by its id."""
    invitation = Invitation.objects.filter(pk=one.invitation_id).first()
    form = (
        AnsweredForm(bytes(invitation.token_hash), invitation.version_id, "")
        if invitation
        else AnsweredForm(b"unknown", 1, "")
    )
    return replace(one, invitation_id=None, form=form)


@pytest.mark.django_db
@pytest.mark.parametrize("named", [lambda one: one, as_form], ids=["by id", "by form"])
def test_one_statement_replies_to_every_row_of_a_batch_in_its_order(
    make_link, django_assert_num_queries, named
):
    first, second = make_link(), make_link()
    expired = make_link(expires_at=AT)
    voided = make_link(voided_at=INVITED_AT, void_reason="withdrawn")
    stranger = Submission(
        invitation_id=uuid.uuid4(), answers={"overall": 1}, satisfaction=1, nps=None, language="en"
    )
    batch = [
        submission(second, 5),
        stranger,
        submission(first),
        submission(expired),
        submission(second, 5),
        submission(second, 1),
    ]
    batch = [named(one) for one in [*batch, submission(voided)]]

    with django_assert_num_queries(1):
        receipts = submit_responses(batch, at=AT)

    assert receipts == [
        Receipt(Outcome.ACCEPTED, AT),
        Receipt(Outcome.UNKNOWN, None),
        Receipt(Outcome.ACCEPTED, AT),
        Receipt(Outcome.EXPIRED, None),
        Receipt(Outcome.REPEATED, AT),
        Receipt(Outcome.DIFFERENT, AT),
        Receipt(Outcome.VOIDED, None),
    ]
    assert dict(Response.objects.values_list("pk", "satisfaction")) == {
        first.invitation.pk: 4,
        second.invitation.pk: 5,
    }
    assert set(PendingTally.objects.values_list("pk", flat=True)) == {
        first.invitation.pk,
        second.invitation.pk,
    }
    assert Invitation.objects.filter(answered_at=AT).count() == 2


@pytest.mark.django_db
def test_forms_and_ids_in_one_batch_are_replied_to_each_in_its_place(make_link):
    links = [make_link() for _ in range(4)]
    batch = [
        (as_form if place % 2 else lambda one: one)(submission(link)) for place, link in enumerate(links)
    ]

    assert outcomes([*batch, as_form(batch[0]), submission(links[2], 1)]) == [
        *[Outcome.ACCEPTED] * 4,
        Outcome.REPEATED,
        Outcome.DIFFERENT,
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "claimed", [{"version_id": 1}, {"question_set": "another"}, {"token_hash": b"unknown"}]
)
def test_a_form_of_another_version_or_set_or_of_no_invitation_writes_nothing(make_link, claimed):
    honest = as_form(submission(make_link()))

    assert outcomes([replace(honest, form=replace(honest.form, **claimed))]) == [Outcome.UNKNOWN]
    assert not Response.objects.exists()


@pytest.mark.django_db
def test_without_a_moment_the_database_says_when_it_is(make_link):
    before = database_now()

    (receipt,) = submit_responses([as_form(submission(make_link()))], at=None)

    assert receipt.outcome is Outcome.ACCEPTED
    assert before <= receipt.received_at <= database_now()


@pytest.mark.django_db
def test_the_same_answers_again_give_the_first_receipt(make_link):
    link = make_link()
    (first,) = submit_responses([submission(link)], at=AT)

    (again,) = submit_responses([submission(link)], at=LATER)

    assert again == Receipt(Outcome.REPEATED, first.received_at)
    assert PendingTally.objects.count() == 1


@pytest.mark.django_db
def test_an_answer_that_arrived_in_time_is_still_repeated_after_the_end(make_link):
    link = make_link(expires_at=AT + timedelta(seconds=1))
    submit_responses([submission(link)], at=AT)

    assert outcomes([submission(link)], at=LATER) == [Outcome.REPEATED]
    assert outcomes([submission(link, 1)], at=LATER) == [Outcome.DIFFERENT]


def test_the_order_of_keys_does_not_make_answers_different():
    assert hash_answers({"a": 1, "b": "x"}) == hash_answers({"b": "x", "a": 1})
    assert hash_answers({"a": 1}) != hash_answers({"a": "1"})


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"satisfaction": 6}, {"nps": 11}, {"mode": "telepathy"}])
def test_a_submission_that_the_database_refuses_leaves_nothing_behind(make_link, wrong):
    link = make_link()

    with pytest.raises(IntegrityError), transaction.atomic():
        submit_responses([submission(link, **wrong)], at=AT)

    link.invitation.refresh_from_db()
    assert link.invitation.answered_at is None


@pytest.fixture
def open_link(transactional_db, organisation):
    return invite(organisation, publish())


def in_threads(number, work):
    """Start `number` threads at one moment and return what each of them returned."""
    gate = threading.Barrier(number, timeout=60)
    results = [None] * number

    def run(place):
        try:
            gate.wait()
            results[place] = work(place)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_fifty_people_with_one_link_leave_one_response_and_all_are_told_the_truth(open_link):
    def answer(place):
        page = send(Client(), open_link.address, {**GOOD_ANSWERS, "overall": str(place % 5 + 1)})
        return place % 5 + 1, page.status_code

    replies = Counter(in_threads(50, answer))

    (kept,) = Response.objects.values_list("satisfaction", flat=True) or [replies]
    assert replies == {(score, 200 if score == kept else 409): 10 for score in range(1, 6)}
    assert PendingTally.objects.count() == 1


def test_two_batches_with_the_same_links_in_opposite_order_do_not_wait_in_a_circle(
    transactional_db, organisation
):
    version = publish()
    links = [invite(organisation, version) for _ in range(40)]

    def submit(place):
        order = links if place % 2 else links[::-1]
        return outcomes([submission(link, place % 5 + 1) for link in order])

    results = in_threads(6, submit)

    assert Counter(outcome for result in results for outcome in result)[Outcome.ACCEPTED] == 40
    assert {outcome for result in results for outcome in result} <= {
        Outcome.ACCEPTED,
        Outcome.REPEATED,
        Outcome.DIFFERENT,
    }
    assert Response.objects.count() == 40


def test_an_answer_waits_for_what_changes_the_invitation_and_then_counts(open_link):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                "UPDATE surveys_invitation SET is_queued = true WHERE id = %s", [open_link.invitation.pk]
            )
            results = []
            thread = threading.Thread(
                target=lambda: (results.extend(outcomes([submission(open_link)])), connections.close_all())
            )
            thread.start()
            thread.join(0.3)
            assert thread.is_alive()
            cursor.execute("COMMIT")
        thread.join(10)
    finally:
        other.close()

    open_link.invitation.refresh_from_db()
    assert results == [Outcome.ACCEPTED]
    assert (open_link.invitation.is_queued, open_link.invitation.answered_at) == (True, AT)


def test_an_answer_that_waited_for_its_voiding_is_told_so(open_link):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(
                "UPDATE surveys_invitation SET voided_at = now(), void_reason = 'reopened' WHERE id = %s",
                [open_link.invitation.pk],
            )
            results = []
            thread = threading.Thread(
                target=lambda: (results.extend(outcomes([submission(open_link)])), connections.close_all())
            )
            thread.start()
            thread.join(0.3)
            cursor.execute("COMMIT")
        thread.join(10)
    finally:
        other.close()

    assert results == [Outcome.VOIDED]
    assert not Response.objects.exists()
