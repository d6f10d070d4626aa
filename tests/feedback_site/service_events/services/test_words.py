"""What is written freely about events is stored masked and sealed.

What numbers a thing, and what is compared, stays as it was sent.
"""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from feedback_site.accounts.models import AccessLogEntry
from feedback_site.common.exceptions import ConflictError
from feedback_site.customers.models import SealedText
from feedback_site.customers.services import texts_as_written, unseal_texts
from feedback_site.customers.services.old_words import words_in_clear
from feedback_site.customers.tasks import mask_old_words_task
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from feedback_site.service_events.services import record_service_event, record_transition
from feedback_site.service_events.services.importing.later_facts import contradictions
from feedback_site.service_events.services.words import as_written, mask_facts
from tests.factories.service_events.api_calls import post

SAID = {
    "remark": "王小明说打 138 0000 0104，或 ann@example.com",
    "visits": [{"note": "车牌 沪A12345"}, "call 021-62345678"],
    "mobile": 13800000104,
    "amount": "13800000104",
    "order_no": "13800000104",
    "product": "fridge",
    "parts": 3,
}
SHOWN = {
    **SAID,
    "remark": "***说打 ***，或 ***",
    "visits": [{"note": "车牌 ***"}, "call ***"],
    "mobile": "***",
}
IN_CLEAR = "138 ?0000 ?010[456]|ann@example|沪A12345|62345678|王小明"
A_SECOND = timedelta(seconds=1)


def tables_in_clear():
    """Return the tables in which something of what was written stands readable.

    But for what is named after things.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = "
            "'BASE TABLE'"
        )
        names = [name for (name,) in cursor.fetchall()]
        found = []
        for name in names:
            cursor.execute((f'SELECT count(*) FROM "{name}" t WHERE t::text ~ %s'), [IN_CLEAR])  # noqa: S608 - a name from the catalogue
            found += [name] * bool(cursor.fetchone()[0])
    return found


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("remark", "打 138 0000 0104", "打 ***"),
        ("contactPhone", "5551234", "***"),
        ("contact_mobile_no", "13800000104", "***"),
        ("customer_id", "13800000104", "***"),
        ("id_number", "110101199003074477", "***"),
        ("national_id", "110101199003074477", "***"),
        ("身份证号", "110101199003074477", "***"),
        ("wechat_id", "ann_lee88", "***"),
        ("plate_no", "沪A12345", "***"),
        ("order_no", "see ann@example.com", "see ***"),
        ("13800000104", "13900000104", "***"),
        ("phone", 13800000104, "***"),
        ("order_no", "13800000104", None),
        ("orderNumber", "320500202611300001", None),
        ("订单号", "13800000104", None),
        ("product_code", "13800000104", None),
        ("call_id", "20261130", None),
        ("order_id", 13800000104, None),
        ("amount", "1380000.0104", None),
        ("amount", 13800000104, None),
        ("amount", "¥88.50", None),
        ("appointment", "2026-11-30T14:00:00+08:00", None),
        ("created_ms", 1764000000000, None),
        ("superseded_by", "13800000104", None),
        ("visit", "019ae1b2-3333-7333-8333-021234567890", None),
        ("done", True, None),
        ("share", 0.5, None),
        ("nothing", None, None),
    ],
)
def test_the_name_of_an_attribute_tells_what_its_value_is(name, value, shown):
    masked, sealed = mask_facts({name: value}, prefix="attributes")

    assert masked == {name: value if shown is None else shown}
    assert type(masked[name]) is type(value) or shown is not None
    assert len(sealed) == (shown is not None)


def test_every_masked_value_is_restored_under_a_field_of_its_own(db):
    facts = {
        "a.b": "138 0000 0104",
        "a": {"b": "138 0000 0105", "x" * 99: "138 0000 0106", "x" * 100: "138 0000 0107"},
        "tel": 13800000104,
    }

    masked, sealed = mask_facts(facts, prefix="details")
    written = unseal_texts(json.dumps([[str(new.id), new.field, new.content.hex()] for new in sealed]))
    assert len(written) == 5
    assert max(map(len, written)) <= 100
    assert as_written(masked, written, prefix="details") == facts


def test_an_event_is_stored_masked_and_a_repeat_is_told_from_other_content(submission, noon):
    first = record_service_event(
        submission=submission(attributes=SAID, product_line="空调 138 0000 0105"), at=noon
    )
    again = record_service_event(
        submission=submission(attributes=SAID, product_line="空调 138 0000 0105"), at=noon
    )

    event = ServiceEvent.objects.get()
    assert (first.is_new, again.is_new) == (True, False)
    assert (event.attributes, event.body["attributes"]) == (SHOWN, SHOWN)
    assert (event.product_line, event.body["product_line"]) == ("空调 ***", "空调 ***")
    assert texts_as_written(kind="service_event", subject_ids=[event.pk])[str(event.pk)] == {
        "attributes.remark": SAID["remark"],
        "attributes.visits.0.note": "车牌 沪A12345",
        "attributes.visits.1": "call 021-62345678",
        "attributes.mobile (number)": "13800000104",
        "product_line": "空调 138 0000 0105",
        "body.product_line": "空调 138 0000 0105",
    }
    for other in (
        {**SAID, "mobile": 13800000105},
        SHOWN,
        {**SAID, "remark": SAID["remark"].replace("0104", "0105")},
    ):
        with pytest.raises(ConflictError):
            record_service_event(
                submission=submission(attributes=other, product_line="空调 138 0000 0105"), at=noon
            )


def test_a_row_of_a_file_is_compared_with_what_was_sent_and_differences_are_told_masked(submission, noon):
    said = {"attributes": {"remark": "打 138 0000 0104"}, "product_line": "13800000105"}
    event = record_service_event(submission=submission(**said), at=noon).event

    assert contradictions(event, submission(**said)) == {}
    assert contradictions(
        event, submission(attributes={"remark": "打 138 0000 0106"}, product_line="13800000104")
    ) == {
        "attributes": [{"remark": "打 ***"}, {"remark": "打 ***"}],
        "product_line": ["***", "***"],
    }

    stated = {"product_line": "冰箱"}
    record_transition(
        event=event, type=TransitionType.CORRECTED, happened_at=noon, at=noon, facts=stated, details=stated
    )

    assert contradictions(ServiceEvent.objects.get(), submission(**said)) == {}


def test_later_changes_are_masked_and_the_same_again_is_told_from_others(submission, noon):
    event = record_service_event(submission=submission(), at=noon).event
    details = {"reason": "王小明 138 0000 0104", "product_line": "空调 13800000105"}

    def correct(**more):
        said = {**details, **more}
        facts = {"product_line": said["product_line"]}
        return record_transition(
            event=event, type=TransitionType.CORRECTED, happened_at=noon, at=noon, facts=facts, details=said
        )

    first, is_new = correct()

    assert is_new
    assert correct() == (first, False)
    for other in ("王小明 138 0000 0106", "*** ***"):
        with pytest.raises(ConflictError):
            correct(reason=other)
    assert ServiceEventTransition.objects.get(pk=first.pk).details == {
        "reason": "*** ***",
        "product_line": "空调 ***",
    }
    assert ServiceEvent.objects.get().product_line == "空调 ***"
    assert texts_as_written(kind="service_event", subject_ids=[event.pk])[str(event.pk)] == {
        "product_line": "空调 13800000105"
    }

    again = {"facts": {"product_line": "冰箱"}, "details": {"product_line": "冰箱"}}
    record_transition(
        event=event, type=TransitionType.CORRECTED, happened_at=noon + A_SECOND, at=noon + A_SECOND, **again
    )

    assert not SealedText.objects.filter(subject_kind="service_event").exists()
    assert tables_in_clear() == []


def test_the_api_answers_masked_and_a_repeat_stays_200(crm, body):
    sent = body(attributes={"remark": "ann@example.com"})

    replies = [post(crm, sent), post(crm, sent), post(crm, body(attributes={"remark": "bob@example.com"}))]

    assert [reply.status_code for reply in replies] == [201, 200, 409]
    assert [reply.json()["attributes"] for reply in replies[:2]] == [{"remark": "***"}] * 2


def test_events_from_before_are_masked_by_the_command(submission, noon):
    event = record_service_event(submission=submission(), at=noon).event
    happened = record_transition(
        event=event, type=TransitionType.REOPENED, happened_at=noon, at=noon, details={"by": "user:1"}
    )[0]
    said = {name: value for name, value in SAID.items() if value != "13800000104"}
    ServiceEvent.objects.update(
        attributes=said, body={**event.body, "attributes": said}, product_line="13800000105"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE service_events_serviceeventtransition SET details = %s WHERE id = %s",
            ['{"reason": "138 0000 0106"}', happened.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    before = sorted(words_in_clear())

    call_command("mask_words", stdout=(told := io.StringIO()))

    assert [kind for kind, _key in before] == ["event_transition", "service_event"]
    assert list(words_in_clear()) == []
    assert "service_event: 1 looked at, 1 masked" in told.getvalue()
    assert tables_in_clear() == []
    assert record_transition(
        event=event,
        type=TransitionType.REOPENED,
        happened_at=noon,
        at=noon,
        details={"reason": "138 0000 0106"},
    ) == (
        happened,
        False,
    )
    ServiceEvent.objects.update(product_line="13800000104")
    mask_old_words_task()
    assert tables_in_clear() == []
    assert (
        texts_as_written(kind="service_event", subject_ids=[event.pk])[str(event.pk)]["attributes.remark"]
        == SAID["remark"]
    )


def test_staff_of_the_team_open_them_for_a_reason_and_others_do_not_find_them(
    submission, noon, staff, client
):
    event = record_service_event(
        submission=submission(attributes={"remark": "ann@example.com"}), at=noon
    ).event
    page = reverse("admin:customers_words", args=["service_event", str(event.pk)])

    client.force_login(staff.wei)
    stranger = client.post(page, {"reason": "case"})
    client.force_login(staff.ellen)
    offered = client.get(
        reverse("admin:service_events_serviceevent_change", args=[event.pk])
    ).content.decode()
    entries = AccessLogEntry.objects.count()
    opened = client.post(page, {"reason": "case"})

    assert (stranger.status_code, opened.status_code) == (404, 200)
    assert "open-words" in offered
    assert "ann@example.com" not in offered
    assert "ann@example.com" in opened.content.decode()
    assert AccessLogEntry.objects.count() == entries + 1
