"""Signed webhooks in, held against the reference library of the Standard Webhooks specification."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from structlog.testing import capture_logs

from feedback_site.common.exceptions import ConflictError
from feedback_site.service_events.models import (
    ServiceEvent,
    ServiceEventTransition,
    WebhookDelivery,
    WebhookSecret,
    WebhookSource,
)
from feedback_site.service_events.services import (
    add_webhook_secret,
    create_webhook_source,
    end_older_webhook_secret,
    prune_webhook_deliveries,
    sign_webhook,
)
from feedback_site.service_events.services.webhook_refusals import RefusalLog

ADDRESS = "/api/v1/webhooks/service-events/crm/"
REFUSED = {
    "message": "This webhook is not signed by a source that we know, or not within five minutes.",
    "extra": {},
}


@pytest.fixture
def source(organisation, now):
    """The CRM, for all teams, with its secret in clear."""
    row, row.secret = create_webhook_source(slug="crm", name="CRM", at=now)
    return row


@pytest.fixture
def told(source, body, now):
    """A maker of signed requests, signed by the reference
    library; every part can be changed after signing.
    """

    def send(
        kind="created",
        data=None,
        *,
        secrets=None,
        webhook_id="msg_1",
        at=now,
        address=ADDRESS,
        text=None,
        **headers,
    ):
        if data is None:
            data = {name: value for name, value in body().items() if name != "source"}
        envelope = {"type": f"service_event.{kind}", "timestamp": now.isoformat(), "data": data}
        sent = text if text is not None else json.dumps(envelope, ensure_ascii=False)
        signatures = [
            Webhook(secret).sign(webhook_id, at.astimezone(UTC), sent)
            for secret in secrets or [source.secret]
        ]
        headers = {
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": " ".join(signatures),
            "accept-language": "en",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        return Client().post(
            address,
            sent,
            content_type="application/json",
            headers={k: v for k, v in headers.items() if v is not None},
        )

    return send


class TestEvents:
    def test_a_signed_event_is_recorded_and_answered(self, told):
        response = told()

        event = ServiceEvent.objects.get()
        assert response.status_code == 201
        assert response.json() == {"event": str(event.pk), "external_id": "T-1001", "transition": None}
        assert (event.source, event.status, event.team.code) == ("crm", "completed", "east-1")

    def test_the_same_message_again_gets_the_first_answer(self, told):
        first = told()

        second = told()

        assert (second.status_code, second.json()) == (201, first.json())
        assert second["Idempotent-Replayed"] == "true"
        assert (ServiceEvent.objects.count(), WebhookDelivery.objects.count()) == (1, 1)

    def test_the_same_event_in_another_message_is_on_record(self, told):
        told()

        response = told(webhook_id="msg_2")

        assert (response.status_code, ServiceEvent.objects.count()) == (200, 1)

    def test_other_content_under_the_same_id_is_409(self, told, body):
        told()

        response = told(data=body(external_id="T-2"))

        assert response.status_code == 409
        assert ServiceEvent.objects.count() == 1

    def test_other_content_of_the_same_event_is_409_and_leaves_no_trace(self, told, body):
        told()

        response = told(data=body(is_complaint=True), webhook_id="msg_2")

        assert (response.status_code, WebhookDelivery.objects.count()) == (409, 1)

    def test_what_was_refused_can_be_sent_again_under_its_id(self, told, body):
        assert told(data=body(team="mars")).status_code == 400

        assert told().status_code == 201

    def test_wrong_fields_are_named(self, told, body):
        response = told(data=body(kind="melting", colour="red"))

        assert set(response.json()["extra"]["fields"]["data"]) == {"kind", "colour"}

    @pytest.mark.parametrize(
        ("text", "wrong"),
        [
            ("[]", "non_field_errors"),
            ('{"type": "service_event.melted", "data": {}}', "type"),
            ('{"type": "service_event.created", "data": []}', "data"),
            ('{"type": "service_event.created", "data": {}, "timestamp": "now"}', "timestamp"),
        ],
    )
    def test_an_envelope_that_is_none_is_refused(self, told, text, wrong):
        response = told(text=text)

        assert response.status_code == 400
        assert set(response.json()["extra"]["fields"]) == {wrong}

    def test_text_that_is_no_json_is_refused(self, told):
        assert told(text="{").status_code == 400

    def test_an_unusable_contact_is_left_out_and_named(self, told, body):
        response = told(data=body(customer={"external_id": "C-9", "phone": "无"}))

        assert response.status_code == 201
        assert response.json()["warnings"] == [{"field": "customer.phone", "code": "not_a_phone_number"}]
        assert ServiceEvent.objects.get().customer.phone_mask == ""

    def test_another_source_than_the_address_is_refused(self, told, body):
        response = told(data=body(source="erp"))

        assert response.json()["extra"]["fields"] == {
            "data": {"source": ["The source must be the one in the web address: crm"]}
        }

    def test_kind_and_channel_may_be_the_sources_own(self, told, body, source, organisation):
        WebhookSource.objects.update(default_kind=organisation.repair, default_channel=organisation.phone)
        data = {name: value for name, value in body().items() if name not in {"kind", "channel"}}

        told(data=data)

        event = ServiceEvent.objects.get()
        assert (event.kind, event.channel) == (organisation.repair, organisation.phone)

    def test_a_source_of_the_east_names_no_team_of_the_west(self, told, body, organisation):
        WebhookSource.objects.update(team=organisation.east)

        assert told(data=body(team="west-1")).status_code == 400
        assert told(data=body(team="east-1")).status_code == 201


class TestTransitions:
    @pytest.mark.parametrize(
        ("kind", "data", "status"),
        [
            ("reopened", {}, "reopened"),
            ("cancelled", {"at": None}, "cancelled"),
            ("corrected", {"team": "west-1"}, "completed"),
            ("superseded", {"superseded_by": "T-2"}, "superseded"),
        ],
    )
    def test_what_happened_later_is_recorded(self, told, body, now, kind, data, status):
        told(data=body(external_id="T-2"), webhook_id="msg_0")
        told()
        data = {name: value or now.isoformat() for name, value in data.items()}

        response = told(kind, {"external_id": "T-1001", **data}, webhook_id="msg_2")

        transition = ServiceEventTransition.objects.get(type=kind)
        event = ServiceEvent.objects.get(external_id="T-1001")
        assert response.status_code == 201, response.content
        assert response.json() == {
            "event": str(event.pk),
            "external_id": "T-1001",
            "transition": str(transition.pk),
        }
        assert (event.status, transition.at) == (status, now)

    def test_an_open_event_completes_at_its_own_time(self, told, body, now):
        told(data=body(completed_at=None))
        at = now - timedelta(minutes=1)

        response = told(
            "completed",
            {"external_id": "T-1001", "at": at.isoformat(), "is_resolved": False},
            webhook_id="msg_2",
        )

        event = ServiceEvent.objects.get()
        assert (response.status_code, event.completed_at, event.is_resolved) == (201, at, False)

    def test_one_that_came_before_its_event_is_told_to_come_again(self, told, now):
        reopening = {"external_id": "T-1001"}
        assert told("reopened", reopening, webhook_id="msg_2").status_code == 404
        told()

        assert told("reopened", reopening, webhook_id="msg_2").status_code == 201

    def test_an_event_of_another_team_is_not_found(self, told, organisation):
        told()
        WebhookSource.objects.update(team=organisation.west)

        assert told("cancelled", {"external_id": "T-1001"}, webhook_id="msg_2").status_code == 404


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


class TestDeliveries:
    @pytest.fixture
    def delivery(self, told):
        told()
        return WebhookDelivery.objects.get()

    def test_a_source_was_last_seen_with_its_last_message(self, delivery):
        assert WebhookSource.objects.get().last_seen_at == delivery.received_at

    def test_they_are_kept_for_a_week(self, delivery, now):
        assert prune_webhook_deliveries(at=delivery.received_at + timedelta(days=7)) == 0
        assert prune_webhook_deliveries(at=delivery.received_at + timedelta(days=7, seconds=1)) == 1

    def test_they_are_taken_in_once(self, delivery):
        delivery.pk = None

        with pytest.raises(IntegrityError, match="webhookdelivery_is_taken_in_once"), transaction.atomic():
            delivery.save(force_insert=True)

    def test_only_what_was_taken_in_is_on_record(self, delivery):
        with pytest.raises(IntegrityError, match="webhookdelivery_was_taken_in"), transaction.atomic():
            WebhookDelivery.objects.update(reply_status=409)

    def test_the_reply_holds_nothing_of_the_customer(self, delivery):
        assert set(delivery.reply) == {"event", "external_id", "transition"}


def test_refusals_are_counted_and_logged_now_and_then():
    log = RefusalLog(every_seconds=0.2)

    with capture_logs() as lines:
        for _ in range(5):
            log.note("7")
        log.note("")
        threading.Event().wait(0.25)
        log.note("7")

    assert [(line["source_id"], line["count"]) for line in lines] == [("7", 1), ("unknown", 1), ("7", 5)]


@pytest.mark.django_db(transaction=True)
def test_of_two_deliveries_of_one_message_at_once_both_get_the_first_answer(told):
    barrier = threading.Barrier(2, timeout=60)

    def send():
        try:
            barrier.wait()
            return told()
        finally:
            connection.close()

    for round_number in range(5):
        WebhookDelivery.objects.all().delete()
        with ThreadPoolExecutor(2) as pool:
            replies = [future.result(timeout=60) for future in [pool.submit(send) for _ in range(2)]]
        assert replies[0].json() == replies[1].json(), round_number
        assert len({reply.status_code for reply in replies}) == 1, round_number

    assert (ServiceEvent.objects.count(), WebhookDelivery.objects.count()) == (1, 1)
