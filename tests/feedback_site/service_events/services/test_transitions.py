"""What may happen to an event later, in whatever order it is told."""

import itertools
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.customers.models import CustomerTeam
from feedback_site.service_events.enums import EventStatus, TransitionType
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from feedback_site.service_events.services import record_service_event, record_transition
from tests.factories.service_events.api_calls import EVENTS, post, system, wrong_fields

MINUTE = timedelta(minutes=1)


@pytest.fixture
def event(submission, noon):
    """Completed an hour before noon by A17 of east-1."""
    return record_service_event(submission=submission(), at=noon).event


def happen(event, kind, at, **more):
    return record_transition(event=event, type=TransitionType(kind), happened_at=at, at=at, **more)


def correct(event, at, **facts):
    details = {name: getattr(value, "code", value) for name, value in facts.items()}
    return happen(event, "corrected", at, facts=facts, details=details)


def as_stored(event):
    return ServiceEvent.objects.get(pk=event.pk)


class TestSuperseding:
    @pytest.fixture
    def other(self, submission, noon):
        return record_service_event(submission=submission(external_id="T-2"), at=noon).event

    def test_a_superseded_event_names_the_one_that_replaces_it(self, event, other, noon):
        happen(event, "superseded", noon, superseded_by=other)

        stored = as_stored(event)
        assert (stored.status, stored.superseded_by, stored.completed_at) == (
            "superseded",
            other,
            event.completed_at,
        )

    @pytest.mark.parametrize("kind", ["completed", "reopened", "cancelled", "superseded"])
    def test_nothing_happens_to_it_any_more(self, event, other, noon, kind):
        happen(event, "superseded", noon, superseded_by=other)

        with pytest.raises(ConflictError, match="send what happens to the event that replaced it") as caught:
            happen(event, kind, noon + MINUTE, superseded_by=other)

        assert caught.value.extra == {"status": "superseded", "type": kind, "superseded_by": str(other.pk)}

    def test_the_same_again_is_recognised(self, event, other, noon):
        first, _ = happen(event, "superseded", noon, superseded_by=other)

        assert happen(event, "superseded", noon, superseded_by=other) == (first, False)

    def test_events_do_not_replace_each_other_in_a_circle(self, event, other, noon):
        happen(event, "superseded", noon, superseded_by=other)

        with pytest.raises(ConflictError, match="name the event that replaced it"):
            happen(other, "superseded", noon, superseded_by=event)

    def test_an_event_does_not_replace_itself(self, event, noon):
        with pytest.raises(DomainError) as caught:
            happen(event, "superseded", noon, superseded_by=event)

        assert caught.value.extra == {"fields": {"superseded_by": ["A service event cannot replace itself."]}}

    def test_something_replaces_it(self, event, noon):
        with pytest.raises(DomainError) as caught:
            happen(event, "superseded", noon)

        assert caught.value.extra == {"fields": {"superseded_by": ["Say which event replaces this one."]}}

    @pytest.mark.parametrize(("status", "is_replaced"), [("superseded", False), ("completed", True)])
    def test_the_status_and_the_replacement_go_together(self, event, other, status, is_replaced):
        with (
            pytest.raises(IntegrityError, match="serviceevent_superseded_knows_by_what"),
            transaction.atomic(),
        ):
            ServiceEvent.objects.filter(pk=event.pk).update(
                status=status, superseded_by=other if is_replaced else None
            )

    def test_the_database_knows_no_event_that_replaces_itself(self, event):
        with (
            pytest.raises(IntegrityError, match="serviceevent_does_not_supersede_itself"),
            transaction.atomic(),
        ):
            ServiceEvent.objects.filter(pk=event.pk).update(status="superseded", superseded_by=event)


class TestCorrecting:
    def test_the_allowed_facts_are_written_and_the_status_stays(self, event, noon):
        transition, is_new = correct(
            event, noon, is_complaint=True, level=2, product_line="fridges", is_in_warranty=True
        )

        stored = as_stored(event)
        assert is_new
        assert transition.details == {
            "is_complaint": True,
            "level": 2,
            "product_line": "fridges",
            "is_in_warranty": True,
        }
        assert (stored.status, stored.is_complaint, stored.level, stored.product_line) == (
            "completed",
            True,
            2,
            "fridges",
        )
        assert (stored.is_in_warranty, stored.body) == (True, event.body)

    def test_another_team_sees_the_event_and_the_first_one_stays_credited(self, event, organisation, noon):
        correct(event, noon, team=organisation.west_1)

        stored = as_stored(event)
        assert (stored.team, stored.credited_team) == (organisation.west_1, organisation.east_1)
        assert list(CustomerTeam.objects.values_list("team__code", flat=True)) == ["west-1"]

    def test_a_team_that_served_the_customer_otherwise_keeps_seeing_them(
        self, event, submission, organisation, noon
    ):
        record_service_event(submission=submission(external_id="T-2"), at=noon)

        correct(event, noon, team=organisation.west_1)

        assert set(CustomerTeam.objects.values_list("team__code", flat=True)) == {"east-1", "west-1"}

    @pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
    def test_corrections_in_any_order_end_the_same(self, event, noon, order):
        told = [
            (noon, {"level": 1, "area": "core"}),
            (noon + MINUTE, {"level": 2, "is_resolved": True}),
            (noon + 2 * MINUTE, {"level": 3}),
        ]

        for place in order:
            correct(event, told[place][0], **told[place][1])

        stored = as_stored(event)
        assert (stored.level, stored.area, stored.is_resolved) == (3, "core", True)

    def test_a_completion_that_comes_late_does_not_undo_a_correction(self, submission, noon):
        event = record_service_event(submission=submission(completed_at=None), at=noon).event
        correct(event, noon + MINUTE, is_resolved=True)

        happen(
            event,
            "completed",
            noon,
            facts={"is_resolved": False, "handovers": 2},
            details={"is_resolved": False, "handovers": 2},
        )

        stored = as_stored(event)
        assert (stored.is_resolved, stored.handovers, stored.completed_at) == (True, 2, noon)

    def test_a_correction_does_not_hold_up_what_happened_before_it(self, event, noon):
        correct(event, noon + MINUTE, level=2)

        assert happen(event, "reopened", noon)[1]

    def test_a_correction_before_the_opening_is_refused(self, event):
        with pytest.raises(DomainError):
            correct(event, event.opened_at - MINUTE, level=2)

    def test_any_event_can_be_corrected(self, event, noon):
        happen(event, "cancelled", noon)

        correct(event, noon, level=2)

        assert (as_stored(event).status, as_stored(event).level) == ("cancelled", 2)


class TestByTheApi:
    @pytest.fixture
    def told(self, crm, body, now):
        post(crm, body())

        def send(what, client=crm, **facts):
            at = (now + timedelta(seconds=1)).isoformat()
            return post(
                client,
                {"source": "crm", "external_id": "T-1001", "type": what, "at": at, **facts},
                f"{EVENTS}transitions/",
            )

        return send

    def test_a_correction_is_recorded_as_it_was_sent(self, told, now):
        response = told(
            "corrected", team="west-1", warranty=False, eta_told_at=now.isoformat(), priority="urgent"
        )

        stored = ServiceEvent.objects.get()
        assert response.status_code == 201
        assert response.json()["details"] == {
            "team": "west-1",
            "warranty": False,
            "eta_told_at": now.isoformat(),
            "priority": "urgent",
        }
        assert (stored.team.code, stored.is_in_warranty, stored.eta_told_at, stored.priority) == (
            "west-1",
            False,
            now,
            "urgent",
        )

    def test_a_later_correction_of_the_warranty_wins(self, told, now):
        told("corrected", warranty=False)

        told("corrected", at=now.isoformat(), warranty=True)

        assert ServiceEvent.objects.get().is_in_warranty is False

    @pytest.mark.parametrize(
        ("kind", "facts", "wrong"),
        [
            ("corrected", {}, {"type": ["A correction says what is corrected."]}),
            ("corrected", {"kind": "complaint_handling"}, {"kind": ["Unknown field."]}),
            ("corrected", {"agent": "B2", "level": 1}, {"agent": ["Unknown field."]}),
            (
                "corrected",
                {"superseded_by": "T-2"},
                {"superseded_by": ["Only an event that is superseded has this."]},
            ),
            ("completed", {"team": "east-1"}, {"team": ["Only a correction may have this."]}),
            ("superseded", {}, {"superseded_by": ["Say which event replaces this one."]}),
            (
                "superseded",
                {"superseded_by": "T-404"},
                {"superseded_by": ["No such event of this source is on record: send it before this."]},
            ),
        ],
    )
    def test_what_is_wrong_is_refused_by_name(self, told, kind, facts, wrong):
        assert wrong_fields(told(kind, **facts)) == wrong
        assert not ServiceEventTransition.objects.exclude(type="completed").exists()

    def test_a_system_of_the_east_moves_nothing_to_the_west(self, told, east_api_key):
        response = told("corrected", client=system(east_api_key), team="west-1")

        assert wrong_fields(response) == {"team": ["Unknown. Known are: east, east-1"]}

    def test_the_event_names_what_replaced_it(self, told, crm, body):
        other = post(crm, body(external_id="T-2")).json()

        told("superseded", superseded_by="T-2")

        event = ServiceEvent.objects.get(external_id="T-1001")
        shown = crm.get(f"{EVENTS}{event.pk}/").json()
        assert (shown["status"], shown["superseded_by"]) == ("superseded", other["id"])


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (["completed"], "reopen it before it is completed again"),
        (["cancelled", "completed"], "reopen it before it is completed"),
        (["cancelled", "cancelled"], "is cancelled already"),
        (["reopened", "reopened"], "only a completed or cancelled one is reopened"),
    ],
)
def test_what_cannot_happen_now_says_what_to_send_instead(event, noon, steps, words):
    for number, kind in enumerate(steps[:-1]):
        happen(event, kind, noon + number * MINUTE)

    with pytest.raises(ConflictError, match=words):
        happen(event, steps[-1], noon + 9 * MINUTE)


def test_every_status_is_one_that_a_transition_leads_to(db):
    assert set(EventStatus.values) - {"open"} == set(TransitionType.values) - {"corrected"}
