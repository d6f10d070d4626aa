"""Reading a contact by API: with the grant, within scope, for a reason, limited and on record.

And how many requests a key may make.
"""

from typing import Any

import pytest

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import AccessLogEntry, ApiKey
from feedback_site.accounts.services import create_api_key
from feedback_site.customers.services import credit_team, customer_entry, upsert_customers

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/customers/contact/"
PHONE = "+8613800000104"


@pytest.fixture
def wang(organisation) -> Any:
    entry = customer_entry(source="crm", external_id="C-1", language="", name="王小明", phone=PHONE)
    customer = upsert_customers(entries=[entry])[entry.key]
    credit_team(customer=customer, team=organisation.east_1)
    return customer


def ask(client, team, *, grants=(Grant.CONTACTS_READ,), **changes: Any) -> Any:
    _row, key = create_api_key(name="crm", grants=list(grants), team=team)
    return ask_with(client, key, **changes)


def ask_with(client, key: str, **changes: Any) -> Any:
    body = {"source": "crm", "external_id": "C-1", "reason": "case", **changes}
    return client.post(
        ADDRESS, body, content_type="application/json", headers={"authorization": f"Api-Key {key}"}
    )


def test_a_contact_within_scope_is_read_on_record(client, wang, organisation):
    reply = ask(client, organisation.east)

    assert (reply.status_code, reply.json()) == (200, {"name": "王小明", "phone": PHONE, "email": ""})
    assert reply.headers["Cache-Control"] == "no-store"
    entry = AccessLogEntry.objects.get(action="contact_revealed")
    assert (entry.actor, entry.subject_id, entry.details) == (
        f"api_key:{ApiKey.objects.get().pk}",
        str(wang.pk),
        {"reason": "case"},
    )


def test_outside_scope_and_unknown_are_the_same_404(client, wang, organisation):
    foreign, unknown = ask(client, organisation.west), ask(client, organisation.west, external_id="C-2")

    assert (foreign.status_code, foreign.json()) == (404, unknown.json())
    assert not AccessLogEntry.objects.exists()


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"grants": [grant for grant in Grant if grant is not Grant.CONTACTS_READ]}, 403),
        ({"reason": "curiosity"}, 400),
        ({"reason": "other"}, 400),
        ({"reason": ""}, 400),
        ({"external_id": "C-1\x00"}, 400),
    ],
)
def test_without_the_grant_or_a_reason_nothing_is_read(client, wang, organisation, how, status):
    assert ask(client, organisation.east, **how).status_code == status
    assert not AccessLogEntry.objects.exists()


def test_looks_beyond_the_limit_are_refused(client, wang, organisation, settings):
    settings.CONTACT_REVEALS_PER_HOUR = 2
    _row, key = create_api_key(name="crm", grants=[Grant.CONTACTS_READ], team=organisation.east)

    assert [ask_with(client, key).status_code for _look in range(3)] == [200, 200, 429]
    assert AccessLogEntry.objects.count() == 2


def test_a_key_makes_so_many_requests_in_a_minute_and_no_other_key_pays_for_it(
    client, organisation, settings
):
    settings.API_REQUESTS_PER_MINUTE = 3
    (_row, busy), (_other, calm) = (
        create_api_key(name=name, grants=[Grant.EVENTS_READ]) for name in ("busy", "calm")
    )

    def get(key: str) -> Any:
        return client.get("/api/v1/service-events/", headers={"authorization": f"Api-Key {key}"})

    replies = [get(busy) for _request in range(8)]

    refused = [reply for reply in replies if reply.status_code == 429]
    assert len(refused) >= 2  # a new minute may have begun in between
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 60
    assert refused[0].json()["message"] == "This key made too many requests in this minute."
    assert get(calm).status_code == 200
    settings.API_REQUESTS_PER_MINUTE = 0
    assert get(busy).status_code == 200
