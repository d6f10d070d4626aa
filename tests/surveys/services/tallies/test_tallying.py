import threading
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from feedback_site.evaluations.models import Indicator, Measurement
from feedback_site.evaluations.services import load_after_sales_scheme
from surveys.models import AgentTally, Invitation, PendingTally, Response, ResponseTally
from surveys.services.decisions.deciding import decide_events
from surveys.services.responses.answering import Outcome, Submission, submit_responses
from surveys.services.tallies.tallying import consume_tallies

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(cast, noon):
    """Record one event a score and answer it."""
    load_after_sales_scheme()

    def give(*scores, **event):
        known = set(Invitation.objects.values_list("pk", flat=True))
        for _score in scores:
            cast.record(**event)
        decide_events(at=noon)
        invitations = Invitation.objects.exclude(pk__in=known).order_by("pk")
        batch = [
            Submission(
                invitation_id=invitation.pk,
                answers={"overall": score},
                satisfaction=score,
                nps=2 * score,
                language="zh-hans",
            )
            for invitation, score in zip(invitations, scores, strict=True)
        ]
        assert {receipt.outcome for receipt in submit_responses(batch, at=noon)} <= {Outcome.ACCEPTED}

    return give


def measured(team):
    return Measurement.objects.get(team=team, indicator__slug="customer_satisfaction", period_kind="month")


def recounted():
    cells: Counter = Counter()
    for response in Response.objects.select_related("invitation"):
        invitation = response.invitation
        for measure, value in (
            ("response", 0),
            ("satisfaction", response.satisfaction),
            ("nps", response.nps),
        ):
            cells[
                invitation.belongs_on, invitation.credited_team_id, invitation.channel_id, measure, value
            ] += 1
    return cells


def test_tallies_equal_a_recount_of_the_responses(cast, answer, noon):
    answer(5, 5, 3)
    consume_tallies(at=noon)
    answer(1, 5, channel=cast.organisation.on_site)
    answer(4, team=cast.organisation.west_1, agent="")

    assert consume_tallies(at=noon) == 3

    tallied = Counter(
        {
            (row.day, row.team_id, row.channel_id, row.measure, row.value): row.count
            for row in ResponseTally.objects.all()
        }
    )
    assert tallied == recounted()
    assert not PendingTally.objects.exists()
    assert sum(AgentTally.objects.filter(measure="response").values_list("count", flat=True)) == 5


def test_a_response_is_counted_once(answer, noon):
    answer(5)

    assert consume_tallies(at=noon) == 1
    assert consume_tallies(at=noon) == 0
    assert ResponseTally.objects.get(measure="satisfaction").count == 1


def test_a_batch_is_as_large_as_it_is_asked_to_be(answer, noon):
    answer(5, 4, 3)

    assert consume_tallies(at=noon, limit=2) == 2
    assert PendingTally.objects.count() == 1


def test_satisfaction_is_measured_for_the_team_and_pooled_above_it(cast, answer, noon):
    answer(5, 4, 3)
    answer(1, team=cast.organisation.east)

    consume_tallies(at=noon)

    station, region = measured(cast.organisation.east_1), measured(cast.organisation.east)
    assert (station.value, station.n, station.period_start) == (Decimal(4), 3, date(2026, 11, 1))
    # Student's t with 2 degrees of freedom: 4.302653 * 1 / sqrt(3) = 2.484138.
    assert (station.low, station.high) == (Decimal("1.5159"), Decimal("6.4841"))
    assert station.evidence == {"counts": [0, 0, 1, 1, 1], "satisfied_share": 0.6667}
    assert (region.value, region.n) == (Decimal("3.25"), 4)
    assert not Measurement.objects.filter(
        team=cast.organisation.west, indicator__slug="customer_satisfaction"
    ).exists()


def test_months_are_measured_apart(cast, answer, noon):
    answer(5, 5)
    answer(1, is_replayed=True, completed_at=noon - timedelta(days=30))

    consume_tallies(at=noon)

    values = dict(
        Measurement.objects.filter(team=cast.organisation.east_1, period_kind="month").values_list(
            "period_start", "value"
        )
    )
    assert values == {date(2026, 11, 1): Decimal(5), date(2026, 10, 1): Decimal(1)}


def test_one_answer_has_no_interval(cast, answer, noon):
    answer(4)

    consume_tallies(at=noon)

    assert (measured(cast.organisation.east_1).low, measured(cast.organisation.east_1).n) == (None, 1)


def test_a_response_without_a_rating_counts_as_a_response_only(cast, answer, noon):
    answer(4)
    PendingTally.objects.all().delete()
    cast.record()
    decide_events(at=noon)
    invitation = Invitation.objects.get(answered_at__isnull=True)
    submit_responses([Submission(invitation.pk, {"why": "x"}, None, None, "en")], at=noon)

    consume_tallies(at=noon)

    assert [(row.measure, row.count) for row in ResponseTally.objects.all()] == [("response", 1)]
    assert not Measurement.objects.exists()


def test_without_the_indicator_responses_are_still_counted(answer, noon):
    Indicator.objects.filter(slug="customer_satisfaction").update(slug="renamed")
    answer(4)

    assert consume_tallies(at=noon) == 1
    assert not Measurement.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_counting_at_once_count_every_response_once(cast, answer, noon):
    answer(*[1, 2, 3, 4, 5] * 6)
    barrier = threading.Barrier(2, timeout=60)

    def work():
        barrier.wait()
        try:
            for _ in range(20):
                consume_tallies(at=noon, limit=4)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    consume_tallies(at=noon)

    assert dict(
        ResponseTally.objects.filter(measure="satisfaction").values_list("value", "count")
    ) == dict.fromkeys(range(1, 6), 6)
    assert (measured(cast.organisation.east_1).n, measured(cast.organisation.east_1).value) == (
        30,
        Decimal(3),
    )
