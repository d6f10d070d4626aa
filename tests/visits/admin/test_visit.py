"""The list for those who lead callers: read, filter, hand over."""

import pytest
from django.urls import reverse

from tests.factories.visits.calls import HOUR, Caller, text_of, told
from visits.models import Escalation, ReturnVisit, VisitAttempt, VisitSource

pytestmark = pytest.mark.django_db
LIST = "admin:visits_returnvisit_changelist"


@pytest.fixture
def ada(staff):
    return Caller(staff.ada)


def listed(caller, **filters):
    return {row.pk for row in caller.client.get(reverse(LIST), filters).context["cl"].result_list}


def hand_over(caller, visits, to, **more):
    data = {
        "action": "reassign",
        "_selected_action": [str(visit.pk) for visit in visits],
        "confirmed": "1",
        "to": str(to.pk),
        **more,
    }
    return caller.client.post(reverse(LIST), data, follow=True)


def test_visits_are_found_by_what_the_list_offers(due, ada, staff, now):
    late = due(due_at=now - HOUR)
    closed = due()
    ReturnVisit.objects.filter(pk=closed.pk).update(
        status="closed", outcome="refused", closed_at=now, next_attempt_at=None
    )

    assert listed(ada, status__exact="open") == {late.pk}
    assert listed(ada, outcome__exact="refused") == {closed.pk}
    assert listed(ada, trigger__exact="low_score") == set()
    assert listed(ada, assignee__id__exact=str(staff.ellen.pk)) == {late.pk, closed.pk}
    assert listed(ada, q="T-1") == {late.pk}
    assert "Overdue" in text_of(ada.client.get(reverse(LIST)))


def test_a_visit_is_read_with_its_attempts_and_reasons_and_not_changed(due, ada, staff, now):
    visit = due()
    VisitAttempt.objects.create(
        visit=visit, number=1, made_by=staff.ellen, made_at=now, outcome="no_answer", note="Rang ten times."
    )
    address = reverse("admin:visits_returnvisit_change", args=[visit.pk])

    page = text_of(ada.client.get(address))

    assert "Rang ten times." in page
    assert str(VisitSource.objects.get(visit=visit).source_id) in page
    assert ada.client.post(address, {"status": "closed"}).status_code == 403
    assert (
        ada.client.post(
            reverse("admin:visits_returnvisit_delete", args=[visit.pk]), {"post": "yes"}
        ).status_code
        == 403
    )


def test_visits_are_handed_over_after_a_question(due, ada, staff):
    visits = [due(), due()]

    asked = ada.client.post(reverse(LIST), {"action": "reassign", "_selected_action": [str(visits[0].pk)]})
    done = hand_over(ada, visits, staff.ada)

    assert "Hand 1 visit over" in text_of(asked)
    assert told(done) == ["2 visits were handed to ada."]
    assert set(ReturnVisit.objects.values_list("assignee", flat=True)) == {staff.ada.pk}


def test_looking_at_the_question_hands_nothing_over(due, ada, staff):
    visit = due()

    page = ada.client.get(reverse("admin:visits_returnvisit_reassign_one", args=[visit.pk]))

    assert page.status_code == 200
    assert ReturnVisit.objects.get(pk=visit.pk).assignee == staff.ellen


def test_one_visit_is_handed_over_from_its_page(due, ada, staff):
    visit = due()

    ada.client.post(
        reverse("admin:visits_returnvisit_reassign_one", args=[visit.pk]), {"to": str(staff.ada.pk)}
    )

    assert ReturnVisit.objects.get(pk=visit.pk).assignee == staff.ada


def test_a_visit_never_goes_to_the_colleague_concerned(repairs, due, ada, staff):
    visit = due(assignee=staff.ada)
    repairs.employ(staff.ellen)

    page = hand_over(ada, [visit], staff.ellen)

    assert list(page.context["form"].errors) == ["to"]
    assert ReturnVisit.objects.get(pk=visit.pk).assignee == staff.ada


def test_a_visit_never_goes_out_of_the_readers_scope(due, ada, staff):
    visit = due()

    page = hand_over(ada, [visit], staff.wei)

    assert list(page.context["form"].errors) == ["to"]


def test_a_visit_with_a_customer_on_the_line_stays_with_its_caller(due, ada, staff):
    visit = due()
    Caller(staff.ellen).post(visit, "hold")

    (message,) = told(hand_over(ada, [visit], staff.ada))

    assert "ellen is in contact with this customer until" in message
    assert ReturnVisit.objects.get(pk=visit.pk).assignee == staff.ellen


def test_visits_of_another_team_cannot_be_handed_over(due, staff):
    visit = due()
    wei = Caller(staff.wei)

    hand_over(wei, [visit], staff.wei)

    assert ReturnVisit.objects.get(pk=visit.pk).assignee == staff.ellen
    assert (
        wei.client.get(reverse("admin:visits_returnvisit_reassign_one", args=[visit.pk])).status_code == 404
    )


def test_an_assessor_hands_nothing_over(due, staff):
    visit = due(assignee=staff.vera)
    vera = Caller(staff.vera)

    hand_over(vera, [visit], staff.ada)

    assert ReturnVisit.objects.get(pk=visit.pk).assignee == staff.vera
    assert (
        vera.client.get(reverse("admin:visits_returnvisit_reassign_one", args=[visit.pk])).status_code == 403
    )


def test_an_assessor_reads_the_attempts_of_their_visits_only(due, staff, now):
    theirs, other = due(assignee=staff.vera), due()
    for visit, note in ((theirs, "Rang ten times."), (other, "Rang once.")):
        VisitAttempt.objects.create(
            visit=visit, number=1, made_by=staff.ellen, made_at=now, outcome="no_answer", note=note
        )
    vera = Caller(staff.vera)

    page = text_of(vera.client.get(reverse("admin:visits_returnvisit_change", args=[theirs.pk])))

    assert "Rang ten times." in page
    assert [attempt.visit for attempt in VisitAttempt.objects.for_user(staff.vera)] == [theirs]


def test_the_page_of_a_visit_leads_to_making_it(due, ada):
    visit = due()

    response = ada.client.get(reverse("admin:visits_returnvisit_make", args=[visit.pk]))

    assert response.url == reverse("admin:visits_returnvisit_visit", args=[visit.pk])


@pytest.mark.parametrize("model", ["returnvisit", "visitattempt", "visitsource"])
def test_a_list_costs_the_same_with_one_and_three_rows(repairs, due, ada, now, model):
    address = reverse(f"admin:visits_{model}_changelist")

    def tried():
        visit = due()
        VisitAttempt.objects.create(
            visit=visit, number=1, made_by=repairs.staff.ellen, made_at=now, outcome="no_answer"
        )

    tried()
    ada.queries(address)
    one = ada.queries(address)
    tried()
    tried()

    assert ada.queries(address) == one


class TestEscalations:
    LIST = "admin:visits_escalation_changelist"

    @pytest.fixture
    def escalate(self, repairs, due, now):
        """A maker of open escalations of east-1."""

        def make(**changes):
            visit = due()
            ReturnVisit.objects.filter(pk=visit.pk).update(
                status="closed", outcome="not_resolved", closed_at=now, next_attempt_at=None
            )
            facts = {"opened_at": now - 2 * HOUR, "deadline_at": now + HOUR}
            return Escalation.objects.create(
                visit=visit,
                case_id=visit.case_id,
                team=visit.team,
                owner=repairs.staff.ellen,
                **(facts | changes),
            )

        return make

    def close(self, caller, escalation, note):
        return caller.client.post(
            reverse("admin:visits_escalation_close_without_proof", args=[escalation.pk]),
            {"note": note},
            follow=True,
        )

    def test_open_ones_come_first_by_deadline_and_late_ones_are_flagged(self, escalate, ada, now):
        later, late = escalate(), escalate(deadline_at=now - HOUR)
        closed = escalate(status="closed", closed_at=now, closing_note="Moved away.")

        page = ada.client.get(reverse(self.LIST))

        assert [row.pk for row in page.context["cl"].result_list] == [late.pk, later.pk, closed.pk]
        assert text_of(page).count("Overdue") == 1

    def test_closing_without_proof_asks_for_the_reason_first(self, escalate, ada):
        escalation = escalate()
        page = reverse("admin:visits_escalation_close_without_proof", args=[escalation.pk])

        asked = ada.client.get(page)
        refused = self.close(ada, escalation, " ")

        assert "Close this escalation without verification?" in text_of(asked)
        assert list(refused.context["form"].errors) == ["note"]
        assert Escalation.objects.get().status == "open"

    def test_closing_is_on_record_and_happens_once(self, escalate, ada, staff):
        escalation = escalate()

        first = self.close(ada, escalation, "The customer moved away.")
        second = self.close(ada, escalation, "Again.")

        closed = Escalation.objects.get()
        assert told(first) == ["The escalation is closed. The service event counts as not verified."]
        assert told(second) == ["This escalation is closed already: Closed without verification."]
        assert (closed.status, closed.closing_note, closed.closed_by) == (
            "closed",
            "The customer moved away.",
            staff.ada,
        )

    def test_another_team_closes_nothing(self, escalate, staff):
        escalation = escalate()

        assert self.close(Caller(staff.wei), escalation, "Mine.").status_code == 404
        assert Escalation.objects.get().status == "open"

    def test_the_list_costs_the_same_with_one_and_three_rows(self, escalate, ada):
        escalate()
        ada.queries(reverse(self.LIST))
        one = ada.queries(reverse(self.LIST))
        escalate()
        escalate()

        assert ada.queries(reverse(self.LIST)) == one
