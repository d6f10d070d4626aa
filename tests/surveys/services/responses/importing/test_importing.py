import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from feedback_site.conservation.running import run_checks
from feedback_site.customers.models import Customer
from feedback_site.service_events.services import record_transition
from surveys.enums import ResponseMode
from surveys.models import (
    EventDecision,
    FollowUpRequest,
    Invitation,
    PendingTally,
    Response,
    ResponseSource,
    ResponseTally,
    Survey,
)
from surveys.services.decisions.deciding import decide_events
from surveys.services.invitations.inviting import void_invitation
from surveys.services.responses.importing import (
    AnswerRefusal,
    Recorded,
    Refused,
)
from surveys.services.tallies.tallying import consume_tallies

pytestmark = pytest.mark.django_db


def about(event, **more):
    return {"event_key": (event.source, event.external_id)} | more


def conservation_holds():
    return [result.check.slug for result in run_checks() if not result.is_ok] == []


def test_an_answer_about_an_event_that_was_not_asked_about_becomes_the_decision_on_it(record, take_in, noon):
    event = record()

    (result,) = take_in(
        ("1", about(event, mode=ResponseMode.PAPER, fields={"overall": ["5.0"], "praise": ["tone"]}))
    )

    response = Response.objects.get()
    invitation = response.invitation
    assert result == Recorded(
        response.pk, is_new=True, answered_at=noon - timedelta(hours=2), recorded_at=noon
    )
    assert (response.answers, response.satisfaction, response.mode) == (
        {"overall": 5, "praise": "tone"},
        5,
        "paper",
    )
    assert response.submitted_at == invitation.answered_at == noon - timedelta(hours=2)
    assert (invitation.purpose, invitation.origin, invitation.service_event) == ("survey", "imported", event)
    assert (invitation.is_queued, invitation.is_in_headline, invitation.contact_index) == (False, False, None)
    assert (invitation.agent_id, invitation.kind_id, invitation.credited_team_id) == (
        event.agent_id,
        event.kind_id,
        event.credited_team_id,
    )
    assert Invitation.objects.counted().count() == 0
    assert (response.source.system, response.source.external_id, response.source.recorded_at) == (
        "old",
        "1",
        noon,
    )
    decision = EventDecision.objects.get()
    assert (decision.invitation, decision.survey, decision.reason) == (invitation, invitation.survey, "")
    assert decide_events(at=noon) == 0
    assert conservation_holds()


def test_an_answer_counts_on_the_day_of_the_service_and_is_tallied_like_others(record, take_in, noon):
    event = record(completed_at=datetime(2026, 11, 18, 17, 0, tzinfo=UTC))  # the 19th, 1 a.m. in Shanghai

    take_in(("1", about(event)))

    assert consume_tallies(at=noon) == 1
    assert set(ResponseTally.objects.values_list("purpose", "day", "measure", "value", "count")) == {
        ("survey", date(2026, 11, 19), "response", 0, 1),
        ("survey", date(2026, 11, 19), "satisfaction", 4, 1),
    }
    assert conservation_holds()


def test_an_answer_to_our_own_invitation_goes_into_it_and_into_the_response_rate(record, take_in, noon):
    event = record()
    decide_events(at=noon)

    (result,) = take_in(("1", about(event)))

    invitation = Invitation.objects.get()
    assert (result.response_id, invitation.origin, invitation.answered_at) == (
        invitation.pk,
        "sent",
        noon - timedelta(hours=2),
    )
    assert Invitation.objects.counted().filter(answered_at__isnull=False).count() == 1
    assert invitation.response.source.external_id == "1"
    assert conservation_holds()


def test_an_answer_given_in_time_counts_though_the_link_has_ended_since(record, take_in, noon):
    event = record()
    decide_events(at=noon)
    expires_at = Invitation.objects.get().expires_at

    late, early = take_in(
        ("late", about(event, answered_at=expires_at)),
        ("early", about(event, answered_at=expires_at - timedelta(seconds=1))),
        at=expires_at + timedelta(days=9),
    )

    assert late == Refused(AnswerRefusal.EXPIRED, "This invitation had ended by then.")
    assert early == Refused(
        AnswerRefusal.ANSWERED, "This service event already has a response: the first one counts."
    )
    (again,) = take_in(
        ("early", about(event, answered_at=expires_at - timedelta(seconds=1))),
        at=expires_at + timedelta(days=9),
    )
    assert again.is_new


def test_a_withheld_event_is_answered_after_all(record, take_in, noon):
    event = record(consent={})
    decide_events(at=noon)

    take_in(("1", about(event)))

    decision = EventDecision.objects.get()
    assert (decision.reason, decision.invitation.origin, decision.decided_at) == ("", "imported", noon)
    assert conservation_holds()


def test_an_event_whose_invitation_was_voided_is_answered_by_an_imported_one(record, take_in, noon):
    event = record()
    decide_events(at=noon)
    voided = void_invitation(invitation=Invitation.objects.get(), reason="withdrawn", at=noon)

    take_in(("1", about(event)))

    assert EventDecision.objects.get().invitation_id != voided.pk
    assert Invitation.objects.count() == 2
    assert conservation_holds()


@pytest.mark.parametrize("status", ["open", "cancelled"])
def test_an_answer_before_completion_is_kept_and_becomes_the_decision_at_the_completion(
    record, take_in, noon, status
):
    event = record(completed_at=None)
    if status == "cancelled":
        record_transition(event=event, type="cancelled", happened_at=noon - timedelta(hours=3), at=noon)

    (result,) = take_in(("1", about(event)))

    invitation = Invitation.objects.get()
    assert (result.is_new, invitation.belongs_on) == (True, date(2026, 11, 20))
    assert not EventDecision.objects.exists()
    assert conservation_holds()
    if status == "cancelled":
        record_transition(event=event, type="reopened", happened_at=noon - timedelta(hours=2), at=noon)
    record_transition(event=event, type="completed", happened_at=noon, at=noon)
    assert conservation_holds()
    assert decide_events(at=noon) == 1
    assert EventDecision.objects.get().invitation == invitation
    assert conservation_holds()


def test_history_stays_history(record, take_in, noon):
    event = record(is_replayed=True)

    take_in(("1", about(event, fields={"overall": ["1"]})))
    consume_tallies(at=noon)

    assert Invitation.objects.get().is_replayed
    assert not FollowUpRequest.objects.exists()


@pytest.mark.parametrize(("days", "count"), [(13, 1), (15, 0)])
def test_a_low_score_of_long_ago_asks_for_no_return_visit(record, take_in, noon, days, count):
    take_in(("1", about(record(), fields={"overall": ["1"]}, answered_at=noon - timedelta(days=days))))

    consume_tallies(at=noon)

    assert FollowUpRequest.objects.count() == count


def test_an_answer_of_a_customer_is_credited_to_who_served_last_by_then(record, take_in, organisation, noon):
    first = record(person="C-9", opened_at=noon - timedelta(days=9), completed_at=noon - timedelta(days=8))
    record(
        person="C-9",
        team=organisation.west_1,
        opened_at=noon - timedelta(days=3),
        completed_at=noon - timedelta(days=2),
    )
    Customer.objects.update(segment=organisation.new)

    take_in(("1", {"customer_key": ("crm", "C-9"), "answered_at": noon - timedelta(days=4)}))

    invitation = Invitation.objects.get()
    assert (invitation.service_event_id, invitation.customer_id) == (None, first.customer_id)
    assert (invitation.team, invitation.credited_team, invitation.kind) == (
        organisation.east_1,
        organisation.east_1,
        None,
    )
    assert (invitation.belongs_on, invitation.segment) == (date(2026, 11, 16), organisation.new)
    assert not EventDecision.objects.exists()
    assert conservation_holds()


def test_a_customer_who_was_not_served_belongs_to_the_rules_team_or_to_none(take_in, organisation, noon):
    Customer.objects.create(source="crm", external_id="C-1")
    answer = {"customer_key": ("crm", "C-1")}

    (refused,) = take_in(("1", answer))
    Survey.objects.update(team=organisation.west)
    (taken,) = take_in(("1", answer), survey=Survey.objects.get())

    assert (refused.reason, taken.is_new) == (AnswerRefusal.NO_TEAM, True)
    assert Invitation.objects.get().credited_team == organisation.west


def test_a_number_is_taken_in_once(record, take_in, noon):
    event, other = record(), record()

    first = take_in(("1", about(event)))
    again = take_in(("1", about(event)), at=noon + timedelta(days=1))
    elsewhere = take_in(("1", about(other)))
    changed = take_in(("1", about(event, fields={"overall": ["5"]})))

    assert (first[0].is_new, again[0].is_new, again[0].recorded_at) == (True, False, noon)
    assert (
        elsewhere
        == changed
        == [Refused(AnswerRefusal.DOUBLED, "Response old/1 is on record with other content.")]
    )
    assert Response.objects.count() == 1


def test_a_batch_costs_as_many_queries_as_one_answer(record, take_in, django_assert_num_queries, noon):
    events = [record() for _ in range(6)]
    record(person="C-99")
    take_in(("warm", about(events[0])), ("up", {"customer_key": ("crm", "C-99")}))
    batch = [(str(number), about(event)) for number, event in enumerate(events[2:])]

    with django_assert_num_queries(15):
        take_in(("one", about(events[1])), ("x", {"customer_key": ("crm", "C-99")}))
    with django_assert_num_queries(15):
        take_in(*batch, ("y", {"customer_key": ("crm", "C-99")}), ("z", {"customer_key": ("crm", "C-99")}))


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_take_every_answer_in_once(record, take_in, noon):
    events = [record() for _ in range(20)]
    batch = [(str(number), about(event)) for number, event in enumerate(events)]
    results = []
    barrier = threading.Barrier(3, timeout=60)

    def work(job):
        barrier.wait()
        try:
            job()
        finally:
            connection.close()

    jobs = [
        lambda: results.extend(take_in(*batch)),
        lambda: results.extend(take_in(*batch[::-1])),
        lambda: decide_events(at=noon),
    ]
    workers = [threading.Thread(target=work, args=(job,)) for job in jobs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    decide_events(at=noon)

    assert len(results) == 40
    assert sum(result.is_new for result in results) == 20
    assert Response.objects.count() == PendingTally.objects.count() == ResponseSource.objects.count() == 20
    assert conservation_holds()
