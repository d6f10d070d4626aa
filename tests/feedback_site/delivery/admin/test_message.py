import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from feedback_site.delivery.enums import DeliveryChannel
from feedback_site.delivery.services import Void, deliver_messages

OUTBOX = reverse("admin:delivery_message_changelist")


def page_of(message):
    return reverse("admin:delivery_message_change", args=[message.id])


@pytest.fixture
def as_ellen(client, staff):
    client.force_login(staff.ellen)
    return client


def test_the_outbox_shows_ones_own_team_only(queue, organisation, client, staff):
    message = queue()
    client.force_login(staff.wei)
    foreign = client.get(OUTBOX)
    client.force_login(staff.ellen)
    own = client.get(OUTBOX)

    assert str(message.subject_id)[-8:] not in foreign.content.decode()
    assert str(message.subject_id)[-8:] in own.content.decode()


def test_a_strangers_message_has_no_page(queue, client, staff):
    message = queue()
    client.force_login(staff.wei)

    response = client.get(page_of(message))

    assert response.status_code == 302


@pytest.mark.parametrize("messages", [1, 3])
def test_the_outbox_asks_the_database_the_same_however_many_rows(queue, as_ellen, messages):
    for _ in range(messages):
        queue()
    as_ellen.get(OUTBOX)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = as_ellen.get(OUTBOX)

    assert response.status_code == 200
    assert len(queries) == 7


def test_no_colleague_adds_changes_or_deletes_a_message(queue, client, staff):
    message = queue()
    client.force_login(staff.root)

    assert client.get(reverse("admin:delivery_message_add")).status_code == 403
    assert client.get(reverse("admin:delivery_message_delete", args=[message.id])).status_code == 403
    assert client.post(page_of(message), {"status": "sent"}).status_code == 403


def test_a_text_is_shown_as_on_a_phone_with_a_preview_link(queue, as_ellen):
    message = queue(DeliveryChannel.SMS)

    content = as_ellen.get(page_of(message)).content.decode()

    assert "letter-bubble" in content
    assert "/r/preview/" in content
    assert "SecretTokenOfAnn" not in content
    assert "****78" in content
    assert "13812345678" not in content


def test_an_email_is_shown_in_a_frame_that_can_do_nothing(queue, as_ellen):
    message = queue()

    content = as_ellen.get(page_of(message)).content.decode()

    frame = re.search(
        r'<iframe class="letter-html"\s+sandbox\s+lang="en".*?srcdoc="(.*?)"></iframe>', content, re.DOTALL
    )
    assert html.unescape(frame[1]) == '<p>Please <a href="http://127.0.0.1:8000/r/preview/">tell us</a>.</p>'
    assert "SecretTokenOfAnn" not in content
    assert "ann.lee@" not in content
    assert "a***@***.example" in content


@pytest.mark.parametrize(
    ("member", "is_live"), [("root", True), ("ellen", False), ("ada", False), ("quinn", False)]
)
def test_the_demo_shows_links_that_work_to_administrators_alone_and_says_so(
    client, queue, staff, settings, member, is_live
):
    settings.SHOW_LIVE_LINKS = True
    message = queue(DeliveryChannel.SMS)
    client.force_login(getattr(staff, member))

    content = client.get(page_of(message)).content.decode()

    assert ('<a href="http://127.0.0.1:8000/r/SecretTokenOfAnn/"' in content) is is_live
    assert ("SecretTokenOfAnn" in content) is is_live
    assert ("Demo: this link works." in content) is is_live


def test_a_message_that_would_not_be_sent_any_more_says_why(queue, as_ellen):
    message = queue(content=Void("answered"))

    assert (
        "It would no longer be sent: the questionnaire is answered."
        in as_ellen.get(page_of(message)).content.decode()
    )


def test_attempts_are_listed_on_the_message(queue, as_ellen, settings):
    settings.SMS_GATEWAY_URL = ""
    message = queue(
        DeliveryChannel.SMS, due_at=timezone.now(), send_until=timezone.now() + timezone.timedelta(days=1)
    )
    deliver_messages()

    content = as_ellen.get(page_of(message)).content.decode()

    assert "no_gateway" in content
    assert "Permanent failure" in content


@pytest.mark.parametrize("wanted", ["id", "subject_id"])
def test_a_message_is_found_by_its_id_or_its_subjects(queue, as_ellen, wanted):
    message, other = queue(), queue()

    content = as_ellen.get(OUTBOX, {"q": str(getattr(message, wanted))}).content.decode()

    assert page_of(message) in content
    assert page_of(other) not in content


def test_anything_else_finds_nothing(queue, as_ellen):
    message = queue()

    assert page_of(message) not in as_ellen.get(OUTBOX, {"q": "Ann"}).content.decode()


def test_the_outbox_filters_by_status_channel_and_lateness(queue, as_ellen):
    mail, text = queue(), queue(DeliveryChannel.SMS)

    content = as_ellen.get(
        OUTBOX, {"channel__exact": "sms", "status__exact": "queued", "is_late__exact": "0"}
    ).content.decode()

    assert page_of(text) in content
    assert page_of(mail) not in content
