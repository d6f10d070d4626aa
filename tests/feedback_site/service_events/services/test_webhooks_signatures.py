import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from feedback_site.common.exceptions import ConflictError
from feedback_site.service_events.models import (
    ServiceEvent,
    WebhookSecret,
    WebhookSource,
)
from feedback_site.service_events.services import (
    add_webhook_secret,
    create_webhook_source,
    end_older_webhook_secret,
    sign_webhook,
)

ADDRESS = "/api/v1/webhooks/service-events/crm/"

REFUSED = {
    "message": "This webhook is not signed by a source that we know, or not within five minutes.",
    "extra": {},
}


class TestSignatures:
    @pytest.mark.parametrize(
        "changed",
        [
            {"webhook_id": None},
            {"webhook_timestamp": None},
            {"webhook_signature": None},
            {"webhook_signature": ""},
            {"webhook_signature": "v1,"},
            {"webhook_signature": "v1,not base64"},
            {"webhook_signature": "v2,AAAA"},
            {"webhook_signature": "\u0661"},
            {"webhook_timestamp": "soon"},
            {"webhook_timestamp": "-1"},
            {"webhook_timestamp": "9" * 400},
        ],
    )
    def test_what_is_not_signed_is_refused_without_saying_why(self, told, changed):
        response = told(
            **({"webhook-id" if name == "webhook_id" else name: value for name, value in changed.items()})
        )

        assert (response.status_code, response.json()) == (401, REFUSED)
        assert response["WWW-Authenticate"] == "Standard-Webhooks"
        assert not ServiceEvent.objects.exists()

    def test_an_unknown_source_and_a_wrong_signature_get_the_same_answer(self, told, source):
        other = create_webhook_source(slug="erp", name="ERP", at=source.created_at)[1]

        unknown, wrong = told(address=ADDRESS.replace("crm", "unknown")), told(secrets=[other])

        assert (
            (unknown.status_code, unknown.content)
            == (wrong.status_code, wrong.content)
            == (401, unknown.content)
        )
        assert unknown.headers.keys() == wrong.headers.keys()

    def test_a_changed_body_is_refused(self, told, source, now):
        signature = Webhook(source.secret).sign("msg_1", now, "{}")

        assert told(webhook_signature=signature).status_code == 401

    def test_a_signature_of_another_id_is_refused(self, told, source, body, now):
        text = json.dumps(body())
        signature = Webhook(source.secret).sign("msg_1", now, text)

        assert told(text=text, webhook_id="msg_2", webhook_signature=signature).status_code == 401

    @pytest.mark.parametrize("seconds", [-290, 290])
    def test_within_five_minutes_a_message_is_in_time(self, told, now, seconds):
        assert told(at=now + timedelta(seconds=seconds)).status_code == 201

    @pytest.mark.parametrize("seconds", [-302, 310])
    def test_beyond_five_minutes_it_is_refused_as_the_reference_does(self, told, now, source, seconds):
        at = now + timedelta(seconds=seconds)
        headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(at.timestamp()))}
        headers["webhook-signature"] = Webhook(source.secret).sign("msg_1", at, "{}")

        with pytest.raises(WebhookVerificationError):
            Webhook(source.secret).verify("{}", headers)
        assert told(at=at).status_code == 401

    def test_our_own_signatures_are_good_to_the_reference(self, source, now):
        timestamp = str(int(now.timestamp()))
        signature = sign_webhook(
            secret=source.secret, webhook_id="msg_1", timestamp=timestamp, body='{"名": 1}'.encode()
        )
        headers = {"webhook-id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": signature}

        assert Webhook(source.secret).verify('{"名": 1}', headers) == {"名": 1}

    def test_one_good_signature_of_several_is_enough(self, told, source):
        other = create_webhook_source(slug="erp", name="ERP", at=source.created_at)[1]

        assert told(secrets=[other, source.secret]).status_code == 201

    def test_a_body_of_more_than_256_kb_is_refused_unread(self, told):
        assert told(text=" " * (256 * 1024 + 1)).status_code == 413

    def test_a_source_that_is_switched_off_is_unknown(self, told):
        WebhookSource.objects.update(is_active=False)

        assert told().status_code == 401

    @pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options", "head"])
    def test_there_is_nothing_but_posting(self, source, method):
        assert getattr(Client(), method)(ADDRESS).status_code == 405

    def test_an_unsigned_post_is_401(self, db):
        assert Client().post(ADDRESS).status_code == 401


class TestRotation:
    def test_both_secrets_are_good_until_the_older_one_ends(self, told, source, now):
        newer = add_webhook_secret(source=source, at=now)
        assert told().status_code == 201
        assert told(secrets=[newer], webhook_id="msg_2").status_code == 200

        end_older_webhook_secret(source=source, at=now)

        assert told(webhook_id="msg_3").status_code == 401
        assert told(secrets=[newer], webhook_id="msg_4").status_code == 200

    def test_there_are_never_three(self, source, now):
        add_webhook_secret(source=source, at=now)

        with pytest.raises(ConflictError, match="end the older one first"):
            add_webhook_secret(source=source, at=now)

    def test_the_only_one_does_not_end(self, source, now):
        with pytest.raises(ConflictError, match="add another one first"):
            end_older_webhook_secret(source=source, at=now)

    def test_a_secret_is_stored_sealed(self, source):
        secret = WebhookSecret.objects.get()

        assert source.secret.removeprefix("whsec_").encode() not in bytes(secret.secret_sealed)

    def test_a_place_holds_one_good_secret(self, source, now):
        with (
            pytest.raises(IntegrityError, match="webhooksecret_is_the_only_good_one_in_its_place"),
            transaction.atomic(),
        ):
            WebhookSecret.objects.create(source=source, slot=1, secret_sealed=b"x", created_at=now)

    def test_there_are_two_places(self, source, now):
        with pytest.raises(IntegrityError, match="webhooksecret_has_one_of_two_places"), transaction.atomic():
            WebhookSecret.objects.create(source=source, slot=3, secret_sealed=b"x", created_at=now)
