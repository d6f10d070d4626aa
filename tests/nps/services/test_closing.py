import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from feedback_site.delivery.channels import Void
from feedback_site.delivery.models import Message
from feedback_site.statistics.net_promoter import net_promoter_score
from nps.enums import ClosingCause
from nps.services.fielding import close_campaign
from nps.services.running import run_campaigns
from surveys.models import Invitation, Response
from surveys.pages.letters import write_invitation
from surveys.services.invitations.messages import build_messages
from surveys.services.responses.answering import Outcome, Submission, submit_responses

pytestmark = pytest.mark.django_db

SCORES = [0, 6, 6, 7, 8, 8, 9, 9, 9, 10, 10, 10]


@pytest.fixture
def campaign(field_work, staff):
    """A campaign in the field: forty invited, none answered."""
    field_work.serve_many(40)
    launched = field_work.launched(staff.quinn)
    field_work.run()
    return launched


def close(campaign, at):
    return close_campaign(campaign=campaign, cause=ClosingCause.STAFF, by=campaign.launched_by, at=at)


def test_the_result_is_frozen_with_its_counts_and_interval(field_work, campaign, noon):
    field_work.answer_all(campaign, *SCORES)

    closed = close(campaign, noon + timedelta(days=1))

    expected = net_promoter_score([SCORES.count(score) for score in range(11)])
    assert closed.result["counts"] == [SCORES.count(score) for score in range(11)]
    figures = [
        closed.result[name] for name in ("n", "promoters", "passives", "detractors", "nps", "low", "high")
    ]
    assert figures == [12, 6, 3, 3, expected.nps, expected.adjusted.low, expected.adjusted.high]
    assert closed.result["change"] == {"direction": None}
    assert [row["n"] for row in closed.result["strata"]] == [12]


def test_open_links_end_and_answered_ones_stay(field_work, campaign, noon):
    field_work.answer_all(campaign, 9)
    later = noon + timedelta(days=1)

    close(campaign, later)

    assert list(
        Invitation.objects.filter(answered_at__isnull=False).values_list("expires_at", flat=True)
    ) == [campaign.field_ends_at]
    unanswered = Invitation.objects.filter(answered_at__isnull=True)
    assert set(unanswered.values_list("expires_at", flat=True)) == {later - timedelta(minutes=2)}
    receipts = submit_responses([Submission(unanswered[0].pk, {"recommend": 9}, None, 9, "en")], at=later)
    assert receipts[0].outcome is Outcome.EXPIRED


def test_a_close_right_after_the_invitations_ends_links_that_were_never_open(campaign, noon):
    close(campaign, noon)

    assert set(Invitation.objects.values_list("expires_at", flat=True)) == {noon}


def test_queued_messages_are_not_sent_any_more(campaign, noon):
    close(campaign, noon + timedelta(hours=1))

    messages = list(Message.objects.all())
    for message in messages:
        message.status = "sending"
    contents = build_messages(messages, noon + timedelta(hours=1), write=write_invitation)
    assert set(contents.values()) == {Void("expired")}


def test_an_unfinished_wave_ends_with_the_campaign(field_work, staff, noon):
    field_work.serve_many(40)
    campaign = field_work.launched(staff.quinn)
    run_campaigns(at=noon)
    run_campaigns(at=noon, limit=5)

    close(campaign, noon + timedelta(hours=1))
    field_work.run(at=noon + timedelta(hours=2))

    assert campaign.waves.get().finished_at == noon + timedelta(hours=1)
    assert Invitation.objects.count() == 5


def test_an_answer_without_a_score_is_no_complete(field_work, campaign, noon):
    invitation = Invitation.objects.order_by("pk").first()
    submit_responses([Submission(invitation.pk, {"overall": 3}, 3, None, "en")], at=noon)

    assert close(campaign, noon + timedelta(hours=1)).result["n"] == 0


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_is_being_stored_while_the_campaign_closes_is_counted(field_work, campaign, noon):
    """The answer's transaction began before the close and commits after it has begun."""
    invitation = Invitation.objects.order_by("pk").first()
    stored, closed = threading.Event(), []

    def close_now():
        try:
            stored.wait(60)
            closed.append(close(campaign, noon + timedelta(hours=1)))
        finally:
            connection.close()

    worker = threading.Thread(target=close_now)
    worker.start()
    with transaction.atomic():
        field_work.answer(invitation, 9)
        stored.set()
        worker.join(0.5)
        assert worker.is_alive()
    worker.join()

    assert closed[0].result["n"] == Response.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_whose_link_was_looked_up_before_the_close_is_in_the_result_or_not_stored(campaign, noon):
    invitation = Invitation.objects.order_by("pk").first()
    looked_up_at = noon + timedelta(minutes=59, seconds=50)

    closed = close(campaign, noon + timedelta(hours=1))
    receipts = submit_responses([Submission(invitation.pk, {"recommend": 9}, None, 9, "en")], at=looked_up_at)

    assert receipts[0].outcome is Outcome.EXPIRED
    assert closed.result["n"] == Response.objects.count() == 0
