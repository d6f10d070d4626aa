import threading
from datetime import timedelta

import pytest
from django.db import connection

from feedback_site.accounts.models import Team
from feedback_site.customers.models import Customer
from feedback_site.delivery.models import Message
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.services import record_transition
from surveys.enums import VoidReason
from surveys.models import EventDecision, Invitation, Survey
from surveys.services.decisions.deciding import decide_events
from surveys.services.invitations.inviting import void_invitation

pytestmark = pytest.mark.django_db


def reason_of(event):
    return EventDecision.objects.get(pk=event.pk).reason


def test_a_completed_event_is_asked_about_and_its_message_queued_at_once(cast, noon):
    event = cast.record(completed_at=noon - timedelta(minutes=2))

    assert decide_events(at=noon) == 1

    invitation = EventDecision.objects.get(pk=event.pk).invitation
    assert (invitation.purpose, invitation.survey, invitation.customer) == (
        "survey",
        cast.survey,
        event.customer,
    )
    assert (invitation.agent, invitation.kind, invitation.channel) == (event.agent, event.kind, event.channel)
    assert (invitation.team, invitation.credited_team) == (event.team, event.credited_team)
    assert invitation.deadline_at == noon + timedelta(minutes=8)
    assert invitation.send_until == event.completed_at + timedelta(hours=72)
    assert invitation.expires_at == noon + timedelta(days=14)
    assert invitation.is_in_headline
    message = Message.objects.get()
    assert (message.subject_id, message.channel, message.status, message.step) == (
        invitation.id,
        "sms",
        "queued",
        "first",
    )
    assert (message.deadline_at, message.send_until, message.is_local_only) == (
        invitation.deadline_at,
        invitation.send_until,
        False,
    )


def test_deciding_again_changes_nothing(cast, noon):
    cast.record()
    decide_events(at=noon)

    assert decide_events(at=noon) == 0
    assert decide_events(at=noon, everything=True) == 0
    assert Invitation.objects.count() == Message.objects.count() == 1


def test_an_open_event_waits_for_its_completion(cast, noon):
    cast.record(completed_at=None)

    assert decide_events(at=noon, everything=True) == 0


def test_answers_count_on_the_local_day_of_the_completion(cast, noon):
    Team.objects.filter(code="east-1").update(time_zone="America/New_York")
    event = cast.record()

    decide_events(at=noon)

    assert EventDecision.objects.get(pk=event.pk).invitation.belongs_on.isoformat() == "2026-11-19"


def test_completions_behind_the_window_are_found_by_the_full_pass(cast, noon):
    cast.record(at=noon - timedelta(days=3))

    assert decide_events(at=noon) == 0
    assert decide_events(at=noon, everything=True) == 1


def test_an_event_no_rule_matches_is_not_asked_about(cast, noon):
    cast.survey.kinds.add(cast.organisation.complaint)
    event = cast.record()

    decide_events(at=noon)

    assert reason_of(event) == "no_survey"


def test_a_rule_for_another_service_channel_does_not_match(cast, noon):
    cast.survey.channels.add(cast.organisation.on_site)
    event = cast.record()

    decide_events(at=noon)

    assert reason_of(event) == "no_survey"


def test_a_rule_without_a_published_questionnaire_does_not_match(organisation, questionnaire, record, noon):
    Survey.objects.create(slug="draft", name="Draft", questionnaire=questionnaire)
    event = record()

    decide_events(at=noon)

    assert reason_of(event) == "no_survey"


@pytest.mark.parametrize(
    "fields",
    [{"is_active": False}, {"starts_at": timedelta(minutes=1)}, {"ends_at": timedelta(0)}],
)
def test_a_rule_that_is_not_running_does_not_match(cast, noon, fields):
    changes = {
        name: noon + value if isinstance(value, timedelta) else value for name, value in fields.items()
    }
    Survey.objects.update(**changes)
    event = cast.record()

    decide_events(at=noon)

    assert reason_of(event) == "no_survey"


def test_a_rule_of_a_region_is_for_the_teams_below_it(cast, noon):
    cast.survey.team = cast.organisation.east
    cast.survey.save()
    below, beside = cast.record(), cast.record(team=cast.organisation.west_1)

    decide_events(at=noon)

    assert (reason_of(below), reason_of(beside)) == ("", "no_survey")


def test_the_first_rule_by_position_asks(cast, noon, questionnaire):
    first = Survey.objects.create(slug="first", name="First", questionnaire=questionnaire, position=0)
    Survey.objects.filter(pk=cast.survey.pk).update(position=1)
    event = cast.record()

    decide_events(at=noon)

    assert EventDecision.objects.get(pk=event.pk).survey == first


def test_a_delay_puts_the_event_outside_the_headline(cast, noon):
    Survey.objects.update(delay_minutes=90)
    event = cast.record(completed_at=noon - timedelta(minutes=30))

    decide_events(at=noon)

    invitation = EventDecision.objects.get(pk=event.pk).invitation
    assert (invitation.is_in_headline, invitation.deadline_at, invitation.is_queued) == (False, None, False)
    assert invitation.due_at == noon + timedelta(minutes=60)
    assert not Message.objects.exists()


def test_replayed_history_is_decided_at_its_own_time_and_stays_here(cast, noon):
    completed_at = noon - timedelta(days=300)
    event = cast.record(is_replayed=True, completed_at=completed_at)

    decide_events(at=noon)

    invitation = EventDecision.objects.get(pk=event.pk).invitation
    assert (invitation.is_replayed, invitation.is_in_headline, invitation.deadline_at) == (True, False, None)
    assert (invitation.invited_at, invitation.belongs_on) == (completed_at, completed_at.date())
    assert (invitation.send_until, invitation.expires_at) == (
        noon + timedelta(hours=72),
        noon + timedelta(days=14),
    )
    assert Message.objects.get().is_local_only


def test_the_cap_sees_replayed_history_in_the_order_of_completion(cast, noon):
    Survey.objects.update(cap_days=30)
    days_ago = [100, 60, 110, 61]
    events = {
        days: cast.record(
            is_replayed=True, person="C-1", phone="13800138000", completed_at=noon - timedelta(days=days)
        )
        for days in days_ago
    }
    live = cast.record(person="C-1", phone="13800138000")

    while decide_events(at=noon, limit=1):
        pass

    assert {days: reason_of(event) for days, event in events.items()} == {
        110: "",
        100: "frequency_cap",
        61: "",
        60: "frequency_cap",
    }
    assert reason_of(live) == ""


def test_live_events_go_before_replayed_history(cast, noon):
    cast.record(is_replayed=True, completed_at=noon - timedelta(days=300))
    live = cast.record()

    decide_events(at=noon, limit=1)

    assert EventDecision.objects.get().pk == live.pk


def test_an_event_reopened_before_its_message_left_is_decided_anew(cast, noon):
    event = cast.record()
    decide_events(at=noon)
    first = Invitation.objects.get()
    record_transition(event=event, type=TransitionType.REOPENED, happened_at=noon, at=noon)
    void_invitation(invitation=first, reason=VoidReason.REOPENED, at=noon)
    assert decide_events(at=noon) == 0
    record_transition(
        event=event,
        type=TransitionType.COMPLETED,
        happened_at=noon + timedelta(hours=1),
        at=noon + timedelta(hours=1),
    )

    assert decide_events(at=noon + timedelta(hours=1)) == 1

    decision = EventDecision.objects.get(pk=event.pk)
    assert decision.invitation != first
    assert decision.completion.at == noon + timedelta(hours=1)
    assert Invitation.objects.counted().get() == decision.invitation
    assert decide_events(at=noon + timedelta(hours=1), everything=True) == 0


def test_an_event_whose_message_left_is_never_asked_about_again(cast, noon):
    event = cast.record()
    decide_events(at=noon)
    Message.objects.update(status="sent", sent_at=noon)
    record_transition(event=event, type=TransitionType.REOPENED, happened_at=noon, at=noon)
    void_invitation(invitation=Invitation.objects.get(), reason=VoidReason.WITHDRAWN, at=noon)
    record_transition(
        event=event,
        type=TransitionType.COMPLETED,
        happened_at=noon + timedelta(hours=1),
        at=noon + timedelta(hours=1),
    )

    assert decide_events(at=noon + timedelta(hours=1), everything=True) == 0


def test_an_event_that_is_open_again_is_not_decided(cast, noon):
    event = cast.record()
    record_transition(event=event, type=TransitionType.REOPENED, happened_at=noon, at=noon)

    assert decide_events(at=noon) == 0
    assert not EventDecision.objects.exists()


def test_a_batch_costs_as_many_queries_as_one_event(cast, noon, django_assert_max_num_queries):
    Survey.objects.update(cap_days=30)
    for _ in range(30):
        cast.record()

    with django_assert_max_num_queries(28):
        assert decide_events(at=noon) == 30


@pytest.mark.usefixtures("chinese_site")
def test_the_language_of_an_invitation_is_the_customers(cast, noon):
    english, silent = cast.record(), cast.record()
    Customer.objects.filter(pk=english.customer_id).update(language="en")

    decide_events(at=noon)

    languages = {
        decision.pk: decision.invitation.language
        for decision in EventDecision.objects.select_related("invitation")
    }
    assert languages == {english.pk: "en", silent.pk: "zh-hans"}


@pytest.mark.django_db(transaction=True)
def test_two_workers_deciding_at_once_ask_each_customer_once(cast, noon):
    for _ in range(40):
        cast.record()
    counts: list[int] = []
    barrier = threading.Barrier(2, timeout=60)

    def work():
        barrier.wait()
        try:
            while done := decide_events(at=noon, limit=7):
                counts.append(done)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    decide_events(at=noon)

    assert (
        EventDecision.objects.count()
        == Invitation.objects.count()
        == Message.objects.count()
        == ServiceEvent.objects.count()
        == 40
    )
