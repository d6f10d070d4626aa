import threading
from datetime import timedelta

import pytest
from django.db import connection

from feedback_site.common.exceptions import ConflictError, DomainError
from nps.enums import ClosingCause
from nps.models import Campaign, Programme
from nps.services.fielding import (
    cancel_campaign,
    close_campaign,
    launch_campaign,
    pause_campaign,
    resume_campaign,
)
from tests.factories.questionnaires.documents import QUESTIONS, publish

pytestmark = pytest.mark.django_db


def test_a_drawn_campaign_is_launched_for_the_programmes_field_period(field_work, staff, noon):
    Programme.objects.update(field_days=14)
    field_work.serve()

    campaign = launch_campaign(campaign=field_work.drawn(), by=staff.quinn, at=noon)

    campaign.refresh_from_db()
    assert (campaign.status, campaign.launched_at, campaign.launched_by) == ("running", noon, staff.quinn)
    assert campaign.field_ends_at == noon + timedelta(days=14)


def test_an_undrawn_campaign_is_not_launched(field_work, staff, noon):
    with pytest.raises(ConflictError, match="not drawn yet"):
        launch_campaign(campaign=field_work.prepared(), by=staff.quinn, at=noon)


def test_an_empty_frame_is_not_launched(field_work, staff, noon):
    with pytest.raises(DomainError, match="No customer was served in the period"):
        launch_campaign(campaign=field_work.drawn(), by=staff.quinn, at=noon)


def test_a_frame_in_which_no_customer_may_be_asked_is_not_launched(field_work, staff, noon):
    field_work.serve(consent=None)

    with pytest.raises(DomainError, match="No customer on the sampling list can be invited"):
        launch_campaign(campaign=field_work.drawn(), by=staff.quinn, at=noon)


def test_a_questionnaire_without_recommendation_is_not_launched(field_work, staff, noon):
    publish([question for question in QUESTIONS if question["metric"] != "nps"])
    field_work.serve()

    with pytest.raises(DomainError, match="no question that counts as recommendation"):
        launch_campaign(campaign=field_work.drawn(), by=staff.quinn, at=noon)


def test_a_campaign_is_paused_and_resumed(field_work, staff, noon):
    field_work.serve()
    campaign = field_work.launched(staff.quinn)

    assert pause_campaign(campaign=campaign, at=noon).status == "paused"
    with pytest.raises(ConflictError, match="running campaign"):
        pause_campaign(campaign=campaign, at=noon)
    assert resume_campaign(campaign=campaign, at=noon).status == "running"
    with pytest.raises(ConflictError, match="paused campaign"):
        resume_campaign(campaign=campaign, at=noon)


def test_a_campaign_is_closed_by_staff_once(field_work, staff, noon):
    field_work.serve()
    campaign = field_work.launched(staff.quinn)

    closed = close_campaign(campaign=campaign, cause=ClosingCause.STAFF, by=staff.quinn, at=noon)

    assert (closed.status, closed.closing_cause, closed.closed_at, closed.closed_by) == (
        "closed",
        "staff",
        noon,
        staff.quinn,
    )
    with pytest.raises(ConflictError, match="running or paused"):
        close_campaign(campaign=campaign, cause=ClosingCause.STAFF, by=staff.quinn, at=noon)


@pytest.mark.parametrize("cause", ClosingCause.values)
def test_neither_the_target_nor_the_frame_closes_a_campaign(field_work, staff, noon, cause):
    field_work.serve()
    campaign = field_work.launched(staff.quinn)

    with pytest.raises(DomainError, match="ends with its survey period"):
        close_campaign(campaign=campaign, cause=cause, at=campaign.field_ends_at - timedelta(seconds=1))

    campaign.refresh_from_db()
    assert campaign.status == "running"


@pytest.mark.parametrize("status", ["reached", "exhausted"])
def test_staff_close_a_campaign_that_waits_for_its_fields_end(field_work, staff, noon, status):
    field_work.serve()
    campaign = field_work.launched(staff.quinn)
    Campaign.objects.update(status=status)

    assert (
        close_campaign(campaign=campaign, cause=ClosingCause.STAFF, by=staff.quinn, at=noon).status
        == "closed"
    )


@pytest.mark.parametrize("status", ["prepared", "drawing", "drawn"])
def test_what_is_not_launched_can_be_cancelled(field_work, noon, status):
    campaign = field_work.drawn()
    Campaign.objects.update(status=status)

    assert cancel_campaign(campaign=campaign, at=noon).status == "cancelled"


def test_what_is_launched_cannot_be_cancelled(field_work, staff, noon):
    field_work.serve()

    with pytest.raises(ConflictError, match="only be ended"):
        cancel_campaign(campaign=field_work.launched(staff.quinn), at=noon)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("action", ["launch", "close"])
def test_of_two_clicks_at_once_one_wins(field_work, staff, noon, action):
    field_work.serve()
    campaign = field_work.drawn() if action == "launch" else field_work.launched(staff.quinn)
    barrier = threading.Barrier(2, timeout=60)
    outcomes = []

    def click(user):
        try:
            barrier.wait()
            if action == "launch":
                launch_campaign(campaign=campaign, by=user, at=noon)
            else:
                close_campaign(campaign=campaign, cause=ClosingCause.STAFF, by=user, at=noon)
            outcomes.append(user)
        except ConflictError:
            outcomes.append("conflict")
        finally:
            connection.close()

    clicks = [threading.Thread(target=click, args=(user,)) for user in (staff.quinn, staff.ada)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()

    campaign.refresh_from_db()
    (winner,) = [outcome for outcome in outcomes if outcome != "conflict"]
    assert len(outcomes) == 2
    assert (campaign.launched_by if action == "launch" else campaign.closed_by) == winner
