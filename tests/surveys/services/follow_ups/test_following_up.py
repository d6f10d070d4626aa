import threading
from datetime import timedelta

import pytest
from django.db import connection

from feedback_site.common import doorbell
from surveys.enums import FollowUpReason
from surveys.models import FollowUpRequest, Invitation, Response, Survey
from surveys.services.decisions.deciding import decide_events
from surveys.services.follow_ups.following_up import NewFollowUp, request_follow_ups
from surveys.services.responses.answering import Submission, submit_responses
from surveys.services.tallies.tallying import consume_tallies

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(cast, noon):
    """Record, ask about and answer one event a score; the invitations come in the order of the scores."""

    def make(*scores, **event):
        known = set(Invitation.objects.values_list("pk", flat=True))
        for _score in scores:
            cast.record(**event)
        decide_events(at=noon)
        invitations = list(Invitation.objects.exclude(pk__in=known).order_by("pk"))
        submit_responses(
            [
                Submission(row.pk, {"overall": score}, score, None, "zh-hans")
                for row, score in zip(invitations, scores, strict=True)
            ],
            at=noon,
        )
        return invitations

    return make


def requested():
    return list(
        FollowUpRequest.objects.order_by("response_id").values_list(
            "response_id", "reason", "score", "requested_at"
        )
    )


def test_a_low_score_asks_for_a_return_visit_once_it_is_counted(answered, noon):
    low, _middling, _good = answered(2, 3, 5)

    consume_tallies(at=noon)

    assert requested() == [(low.pk, "low_score", 2, noon)]


@pytest.mark.parametrize(("at_most", "scores"), [(0, []), (1, [1]), (4, [1, 2, 3, 4])])
def test_the_survey_rule_says_up_to_which_score(answered, cast, noon, at_most, scores):
    Survey.objects.update(follow_up_at_most=at_most)
    answered(1, 2, 3, 4, 5)

    consume_tallies(at=noon)

    assert sorted(FollowUpRequest.objects.values_list("score", flat=True)) == scores


def test_history_and_other_purposes_ask_for_nothing(answered, noon):
    answered(1, is_replayed=True)
    (visit,) = answered(1)
    Invitation.objects.filter(pk=visit.pk).update(purpose="visit")

    assert consume_tallies(at=noon) == 2
    assert requested() == []


@pytest.mark.parametrize(("days", "count"), [(14, 1), (15, 0)])
def test_an_answer_of_long_ago_asks_for_nothing(answered, noon, days, count):
    answered(1)

    consume_tallies(at=noon + timedelta(days=days))

    assert FollowUpRequest.objects.count() == count


def test_a_response_asks_for_one_visit_whatever_the_reasons(
    answered, noon, monkeypatch, django_capture_on_commit_callbacks
):
    rung = []
    monkeypatch.setattr(doorbell, "_send", rung.append)
    (invitation,) = answered(1)
    with django_capture_on_commit_callbacks(execute=True):
        consume_tallies(at=noon)

    with django_capture_on_commit_callbacks(execute=True):
        again = request_follow_ups(
            requests=[NewFollowUp(invitation.pk, FollowUpReason.DETRACTOR, 3)], at=noon + timedelta(days=1)
        )

    assert again == 0
    assert requested() == [(invitation.pk, "low_score", 1, noon)]
    assert rung == ["visits.plan_visits"]


def test_nothing_to_ask_for_costs_nothing(noon, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert request_follow_ups(requests=[], at=noon) == 0


@pytest.mark.django_db(transaction=True)
def test_two_callers_at_once_make_each_request_once(answered, noon):
    answered(*[1] * 20)
    ids = list(Response.objects.values_list("pk", flat=True))
    made = []
    barrier = threading.Barrier(2, timeout=60)

    def work(order):
        barrier.wait()
        try:
            made.append(
                request_follow_ups(
                    requests=[NewFollowUp(pk, FollowUpReason.LOW_SCORE, 1) for pk in order], at=noon
                )
            )
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(order,)) for order in (ids, ids[::-1])]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(made) == FollowUpRequest.objects.count() == 20
