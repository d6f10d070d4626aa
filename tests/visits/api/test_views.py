"""`/api/v1/visits/`: ids and facts, within the key's scope."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.services import create_api_key
from tests.factories.service_events.api_calls import NAIVE, system, wrong_fields
from tests.factories.visits.calls import HOUR, PHONE
from visits.models import ReturnVisit

pytestmark = pytest.mark.django_db
VISITS = "/api/v1/visits/"


@pytest.fixture
def crm(api_key):
    return system(api_key)


def listed(client, **filters):
    response = client.get(VISITS, filters)
    assert response.status_code == 200, response.content
    return {row["id"] for row in response.json()["results"]}


def test_a_visit_is_shown_with_its_attempts_and_escalation_and_without_a_person(repairs, due, crm, now):
    visit = due()
    repairs.attempt(visit, "no_answer", at=now, note="His wife Li Na answered.")
    ReturnVisit.objects.filter(pk=visit.pk).update(next_attempt_at=now)
    repairs.attempt(visit, "not_resolved", at=now, by=repairs.staff.ellen)

    response = crm.get(f"{VISITS}{visit.pk}/")

    shown = response.json()
    assert shown.keys() == {
        *(
            "id",
            "plan",
            "trigger",
            "case_id",
            "service_event",
            "customer",
            "team",
            "credited_team",
            "agent",
            "mode",
            "status",
            "outcome",
        ),
        *(
            "planned_at",
            "due_from",
            "due_at",
            "max_attempts",
            "attempts_made",
            "next_attempt_at",
            "interview",
            "closed_at",
            "updated_at",
        ),
        *("attempts", "escalation"),
    }
    assert (shown["team"], shown["trigger"], shown["outcome"]) == (
        "east-1",
        "complaint_closed",
        "not_resolved",
    )
    assert [attempt["outcome"] for attempt in shown["attempts"]] == ["no_answer", "not_resolved"]
    assert shown["escalation"]["status"] == "open"
    text = response.content.decode()
    assert not any(word in text for word in ("王", "Li Na", PHONE[3:], "138****"))


def test_filters_narrow_the_list(due, crm, now):
    soon, late = due(), due(due_at=now - HOUR)
    ReturnVisit.objects.filter(pk=soon.pk).update(
        status="closed", outcome="refused", closed_at=now, next_attempt_at=None
    )
    both = {str(soon.pk), str(late.pk)}

    assert listed(crm) == both
    assert listed(crm, status="open") == {str(late.pk)}
    assert listed(crm, outcome="refused") == {str(soon.pk)}
    assert listed(crm, trigger="low_score") == set()
    assert listed(crm, team="east") == both
    assert listed(crm, team="west") == set()
    assert listed(crm, due_from=now.isoformat()) == {str(soon.pk)}
    assert listed(crm, due_until=now.isoformat()) == {str(late.pk)}
    assert listed(crm, due_from=(now + timedelta(days=9)).isoformat()) == set()
    assert listed(crm, updated_since=(now - timedelta(days=30)).isoformat()) == both
    assert listed(crm, updated_since=(now + timedelta(minutes=4)).isoformat()) == set()


@pytest.mark.parametrize(
    ("filters", "wrong"),
    [
        ({"colour": "red"}, {"colour": ["Unknown field."]}),
        ({"status": "lost"}, {"status": ['"lost" is not a valid choice.']}),
        ({"team": "north"}, {"team": ["Unknown. Known are: east, east-1, west, west-1"]}),
        ({"due_from": "2026-01-31T09:30:00"}, {"due_from": [NAIVE]}),
        ({"due_until": "soon"}, {"due_until": ["This is not an ISO 8601 time."]}),
        (
            {"due_from": "2026-02-01T00:00:00+08:00", "due_until": "2026-01-01T00:00:00+08:00"},
            {"due_until": ["The range must not end before it begins."]},
        ),
    ],
)
def test_unknown_and_impossible_filters_are_refused_by_name(crm, filters, wrong):
    assert wrong_fields(crm.get(VISITS, filters)) == wrong


def test_pages_follow_each_other_by_key(due, crm):
    for _ in range(3):
        due()

    seen, address = [], f"{VISITS}?page_size=2"
    while address:
        page = crm.get(address).json()
        seen.append([visit["id"] for visit in page["results"]])
        address = page["next"]

    assert [len(page) for page in seen] == [2, 1]
    assert len({key for page in seen for key in page}) == 3


def test_a_key_of_another_region_sees_nothing(visit, east_api_key, organisation):
    west = system(create_api_key(name="west", grants=list(Grant), team=organisation.west)[1])

    assert listed(west) == set()
    assert west.get(f"{VISITS}{visit.pk}/").status_code == 404
    assert listed(system(east_api_key)) == {str(visit.pk)}


def test_the_grant_is_needed_and_nothing_is_written(visit, crm):
    reader = system(create_api_key(name="reader", grants=[Grant.EVENTS_READ])[1])

    assert reader.get(VISITS).status_code == 403
    assert Client().get(VISITS).status_code == 401
    assert crm.post(VISITS, {}).status_code in {403, 405}
    assert crm.delete(f"{VISITS}{visit.pk}/").status_code in {403, 405}
    assert crm.get(f"{VISITS}{'-' * 36}/").status_code == 404


def test_the_list_takes_as_many_statements_for_one_row_as_for_three(
    repairs, due, crm, now, django_assert_num_queries
):
    repairs.attempt(due(), "no_answer", at=now)
    with django_assert_num_queries(9):
        crm.get(VISITS)
    repairs.attempt(due(), "refused", at=now)
    repairs.attempt(due(), "not_resolved", at=now)

    with django_assert_num_queries(9):
        assert len(crm.get(VISITS).json()["results"]) == 3


def test_the_schema_describes_the_list(tmp_path):
    schema = tmp_path / "schema.yml"

    call_command("spectacular", file=str(schema), validate=True)

    text = schema.read_text()
    assert "/api/v1/visits/:" in text
    assert "due_until" in text
    assert "AttemptOutput" in text
