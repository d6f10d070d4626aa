"""Signed webhooks in, held against the reference library of the Standard Webhooks specification."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from structlog.testing import capture_logs

from feedback_site.service_events.models import (
    ServiceEvent,
    ServiceEventTransition,
    WebhookDelivery,
    WebhookSource,
)
from feedback_site.service_events.services import (
    prune_webhook_deliveries,
)
from feedback_site.service_events.services.webhook_refusals import RefusalLog

ADDRESS = "/api/v1/webhooks/service-events/crm/"


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
