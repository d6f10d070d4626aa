"""What later facts about events do to invitations, and who wins when a message is leaving at that moment."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from feedback_site.conservation.ledger import read_ledger
from feedback_site.customers.models import CustomerTeam
from feedback_site.delivery.models import Message
from feedback_site.service_events.models import ServiceEvent
from surveys.models import EventDecision, Invitation, ResponseTally, TransitionEffect
from surveys.services.decisions.applying import apply_transitions
from surveys.services.decisions.deciding import decide_events
from surveys.services.tallies.tallying import consume_tallies
from tests.factories.surveys.later_facts import answer, broken_checks, happen, outcome_of

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def test_effects_are_carried_out_once(asked, noon):
    happen(asked(), "reopened", noon)
    apply_transitions(at=noon)

    assert apply_transitions(at=noon + SECOND) == 0
    assert apply_transitions(at=noon + SECOND, everything=True) == 0
    assert Invitation.objects.get().voided_at == noon


def test_an_event_completed_later_is_asked_about_by_its_own_clock(asked, noon):
    event = asked()
    happen(event, "reopened", noon)
    later = noon + timedelta(hours=5)
    happen(event, "completed", later)
    assert decide_events(at=later) == 0

    apply_transitions(at=later)
    assert decide_events(at=later + SECOND) == 1

    decision = EventDecision.objects.select_related("invitation", "completion").get()
    assert decision.completion.at == later
    assert decision.invitation.deadline_at == later + timedelta(minutes=10)
    assert Invitation.objects.counted().get() == decision.invitation
    assert list(Message.objects.order_by("pk").values_list("status", flat=True)) == ["voided", "queued"]
    assert broken_checks() == []


def test_an_invitation_that_waits_for_its_delay_is_voided_too(cast, noon):
    cast.survey.delay_minutes = 90
    cast.survey.save()
    event = cast.record(completed_at=noon)
    decide_events(at=noon)
    happen(event, "cancelled", noon)

    apply_transitions(at=noon)

    assert Invitation.objects.get().void_reason == "cancelled"
    assert not Message.objects.exists()


def test_facts_from_before_the_completion_change_nothing(cast, noon):
    event = cast.record(completed_at=None)
    facts = [
        happen(event, "completed", noon),
        happen(event, "reopened", noon),
        happen(event, "completed", noon + SECOND),
    ]
    decide_events(at=noon + SECOND)

    apply_transitions(at=noon + SECOND)

    assert outcome_of(facts[1]) == "none"
    assert Invitation.objects.get().voided_at is None


def test_an_event_that_was_not_asked_about_has_nothing_to_void(asked, noon):
    fact = happen(asked(consent={}), "reopened", noon)

    apply_transitions(at=noon)

    assert outcome_of(fact) == "none"


def test_a_superseded_event_is_not_asked_about_and_the_other_one_is(asked, cast, noon):
    event, other = asked(), cast.record(completed_at=noon)
    happen(event, "superseded", noon, superseded_by=other)

    decide_events(at=noon)
    apply_transitions(at=noon)

    states = read_ledger().states
    assert Invitation.objects.get(service_event=event).void_reason == "superseded"
    assert Invitation.objects.get(service_event=other).voided_at is None
    assert (states["voided"], states["queued"]) == (1, 1)
    assert broken_checks() == []


def test_an_event_superseded_before_it_was_decided_is_not_completed(cast, noon):
    event, other = cast.record(), cast.record(completed_at=None)
    happen(event, "superseded", noon, superseded_by=other)

    assert decide_events(at=noon) == 0
    assert read_ledger().states["not_completed"] == 2
    assert broken_checks() == []


def test_a_corrected_team_moves_the_rows_and_not_the_credit(asked, cast, noon):
    event = asked()
    answer(event, noon)
    consume_tallies(at=noon)
    before = list(ResponseTally.objects.order_by("pk").values("team__code", "measure", "value", "count"))
    west = cast.organisation.west_1
    fact = happen(event, "corrected", noon, facts={"team": west}, details={"team": "west-1"})

    apply_transitions(at=noon)
    consume_tallies(at=noon)

    event.refresh_from_db()
    invitation, message = Invitation.objects.get(), Message.objects.get()
    assert (event.team, invitation.team, message.team) == (west, west, west)
    assert event.credited_team == invitation.credited_team == cast.organisation.east_1
    assert list(CustomerTeam.objects.values_list("team__code", flat=True)) == ["west-1"]
    assert (
        list(ResponseTally.objects.order_by("pk").values("team__code", "measure", "value", "count")) == before
    )
    assert outcome_of(fact) == "moved"
    assert broken_checks() == []


def test_a_correction_of_other_facts_moves_nothing(asked, noon):
    fact = happen(asked(), "corrected", noon, facts={"is_complaint": True}, details={"is_complaint": True})

    apply_transitions(at=noon)

    assert outcome_of(fact) == "none"
    assert Invitation.objects.get().voided_at is None


def test_facts_behind_the_window_are_found_by_the_full_pass(asked, noon):
    happen(asked(), "reopened", noon)
    late = noon + timedelta(days=3)

    assert apply_transitions(at=late) == 0
    assert apply_transitions(at=late, everything=True) == 1


def test_a_batch_costs_as_many_queries_as_one_fact(asked, cast, noon, django_assert_max_num_queries):
    for _ in range(20):
        cast.record()
    decide_events(at=noon)
    for event in ServiceEvent.objects.all():
        happen(event, "reopened", noon)

    with django_assert_max_num_queries(14):
        assert apply_transitions(at=noon) == 20


def test_an_effect_has_a_known_outcome(asked, noon):
    fact = happen(asked(), "reopened", noon)

    with pytest.raises(IntegrityError, match="transitioneffect_has_a_known_outcome"), transaction.atomic():
        TransitionEffect.objects.create(transition=fact, outcome="melted", applied_at=noon)
