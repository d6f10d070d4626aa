import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages

from feedback_site.service_events.models import WebhookSecret, WebhookSource
from feedback_site.service_events.services import create_webhook_source

LIST = "/admin/service_events/webhooksource/"
FIELDS = {
    "slug": "crm",
    "name": "CRM",
    "team": "",
    "default_kind": "",
    "default_channel": "",
    "is_active": "on",
}


@pytest.fixture
def enter(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def source(organisation, noon):
    return create_webhook_source(slug="crm", name="CRM", at=noon)[0]


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def act(client, action, *sources):
    return client.post(LIST, {"action": action, "_selected_action": [source.pk for source in sources]})


def test_an_administrator_makes_a_source_and_sees_its_secret_once(enter, staff, organisation):
    client = enter(staff.root)

    response = client.post(
        f"{LIST}add/", FIELDS | {"team": organisation.east.pk, "default_kind": organisation.repair.pk}
    )

    source = WebhookSource.objects.get()
    page = client.get(f"{LIST}{source.pk}/change/").content.decode()
    assert response.status_code == 302
    assert (source.slug, source.team, source.default_kind, source.default_channel) == (
        "crm",
        organisation.east,
        organisation.repair,
        None,
    )
    (secret,) = [
        match[0] for message in said(response) if (match := re.search(r"whsec_[A-Za-z0-9+/]{43}=", message))
    ]
    assert secret not in client.get(LIST).content.decode()
    assert "/api/v1/webhooks/service-events/crm/" in page


def test_a_second_secret_is_added_and_the_older_one_ended(enter, staff, source):
    client = enter(staff.root)
    first = WebhookSecret.objects.get()

    added = act(client, "add_secret", source)
    act(client, "end_older_secret", source)

    assert any("whsec_" in message for message in said(added))
    assert WebhookSecret.objects.get(ended_at__isnull=False) == first
    assert WebhookSecret.objects.filter(ended_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    ("good", "action", "words"),
    [(2, "add_secret", "end the older one first"), (1, "end_older_secret", "add another")],
)
def test_what_secrets_cannot_be_is_said(enter, staff, source, noon, good, action, words):
    client = enter(staff.root)
    for _ in range(good - 1):
        act(client, "add_secret", source)

    response = act(client, action, source)

    assert any(words in message for message in said(response))
    assert WebhookSecret.objects.filter(ended_at__isnull=True).count() == good


def test_the_source_of_its_events_stays(enter, staff, source):
    response = enter(staff.root).post(
        f"{LIST}{source.pk}/change/",
        FIELDS | {"slug": "other", "name": "ERP", "secrets-TOTAL_FORMS": 0, "secrets-INITIAL_FORMS": 0},
    )

    source.refresh_from_db()
    assert (response.status_code, source.slug, source.name) == (302, "crm", "ERP")


def test_secrets_themselves_are_never_shown(enter, staff, source, noon):
    page = enter(staff.root).get(f"{LIST}{source.pk}/change/").content.decode()

    assert "whsec_" not in page
    assert bytes(WebhookSecret.objects.get().secret_sealed).hex() not in page


@pytest.mark.parametrize("who", ["ellen", "ada", "quinn", "max"])
def test_only_administrators_open_them(enter, staff, source, who):
    client = enter(getattr(staff, who))

    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}add/", FIELDS | {"slug": "erp"}).status_code == 403
    assert client.get("/admin/service_events/webhookdelivery/").status_code == 403


def test_sources_are_switched_off_and_never_deleted(enter, staff, source, noon):
    assert enter(staff.root).post(f"{LIST}{source.pk}/delete/", {"post": "yes"}).status_code == 403
    assert WebhookSource.objects.filter(created_at__gte=noon - timedelta(days=1)).exists()
