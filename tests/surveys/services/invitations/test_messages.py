import re
from datetime import timedelta

import pytest
from django.utils import translation

from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Customer
from feedback_site.customers.services import record_consent
from feedback_site.delivery.models import Message
from feedback_site.delivery.services import Void, preview
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.services import record_transition
from surveys.enums import VoidReason
from surveys.models import Invitation, Survey
from surveys.pages.letters import write_invitation
from surveys.services.decisions.deciding import decide_events
from surveys.services.invitations.inviting import void_invitation
from surveys.services.invitations.messages import build_messages
from surveys.services.invitations.wording import text_of
from surveys.services.links.tokens import link_of
from tests.factories.customers.case import upsert_customer
from tests.factories.questionnaires.documents import both, publish, question

pytestmark = pytest.mark.django_db


@pytest.fixture
def sending(cast, noon):
    """A maker of one message that delivery is about to send."""

    def make(**event):
        cast.record(**({"person": "C-9", "phone": "13812345678", "email": "wang@example.com"} | event))
        decide_events(at=noon)
        message = Message.objects.get()
        message.status = "sending"
        return message

    return make


def build(message, at):
    return build_messages([message], at, write=write_invitation)[message.id]


@pytest.mark.usefixtures("chinese_site")
def test_a_chinese_sms_is_short_and_says_how_to_opt_out(sending, noon, settings):
    settings.PUBLIC_BASE_URL = "https://fb.example.cn"
    message = sending()

    envelope = build(message, noon)

    assert envelope.address == "+8613812345678"
    assert envelope.text == f"您的服务已完成，请评价： {link_of(Invitation.objects.get())}"
    assert len(envelope.text) <= 70
    assert envelope.fallback == "email"
    assert "王小明" not in envelope.text


def test_an_email_has_one_link_five_scores_and_one_click_unsubscribe(sending, noon, settings):
    Survey.objects.update(delivery_channels=["email"])
    Customer.objects.update(language="en")
    message = sending()
    Invitation.objects.update(language="en")
    link = link_of(Invitation.objects.get())

    envelope = build(message, noon)

    assert (envelope.address, envelope.language, envelope.subject) == (
        "wang@example.com",
        "en",
        "How did we do?",
    )
    assert envelope.headers == {
        "List-Unsubscribe": f"<{link}unsubscribe/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert re.findall(r'href="([^"]+)"', envelope.html) == [
        *(f"{link}?score={score}" for score in range(1, 6)),
        link,
        f"{link}unsubscribe/",
    ]
    assert f"\n{link}\n" in envelope.text
    assert "After-sales repair" in envelope.text
    assert "was completed on Nov. 20, 2026, 11:00.\n" in envelope.text
    assert "王小明" not in envelope.text + envelope.html + envelope.subject
    assert envelope.fallback is None


@pytest.mark.usefixtures("chinese_site")
def test_an_email_is_written_in_the_language_of_the_invitation(sending, noon):
    Survey.objects.update(delivery_channels=["email"])

    envelope = build(sending(), noon)

    assert envelope.subject == "服务评价"
    assert "您的服务（售后报修）已于 2026年11月20日" in envelope.text
    assert '<html lang="zh-hans">' in envelope.html


@pytest.mark.parametrize("transition", [TransitionType.REOPENED, TransitionType.CANCELLED])
def test_a_reopened_or_cancelled_event_voids_its_invitation_before_sending(sending, noon, transition):
    message = sending()
    invitation = Invitation.objects.get()
    record_transition(event=invitation.service_event, type=transition, happened_at=noon, at=noon)

    assert build(message, noon) == Void(transition.value)

    invitation.refresh_from_db()
    assert (invitation.void_reason, invitation.voided_at) == (transition.value, noon)


def test_a_withdrawn_consent_voids_the_invitation(sending, noon):
    message = sending()
    record_consent(
        customer=Customer.objects.get(),
        purpose=Purpose.SURVEY,
        is_granted=False,
        stated_at=noon,
        source="page",
        overrides_refusal=True,
    )

    assert build(message, noon) == Void("consent_withdrawn")
    assert Invitation.objects.get().void_reason == "consent_withdrawn"


def test_an_answered_invitation_is_not_sent(sending, noon):
    message = sending()
    Invitation.objects.update(answered_at=noon)

    assert build(message, noon) == Void("answered")


def test_a_voided_invitation_is_not_sent(sending, noon):
    message = sending()
    void_invitation(invitation=Invitation.objects.get(), reason=VoidReason.WITHDRAWN, at=noon)

    assert build(message, noon) == Void("voided")


def test_an_ended_link_is_not_sent(sending, noon):
    assert build(sending(), noon + timedelta(days=14)) == Void("expired")


def test_a_lost_address_is_not_sent_to(sending, noon):
    message = sending()
    Customer.objects.update(phone_sealed=None, phone_index=None)

    assert build(message, noon) == Void("no_contact")


def test_a_phone_that_became_a_land_line_is_not_sent_to(sending, noon):
    message = sending()
    upsert_customer(source="crm", external_id=Customer.objects.get().external_id, phone="010-88880117")

    assert build(message, noon) == Void("no_contact")


def test_looking_at_a_message_shows_it_and_changes_nothing(sending, staff, noon):
    message = sending()
    message.status = "queued"
    invitation = Invitation.objects.get()
    record_transition(event=invitation.service_event, type=TransitionType.REOPENED, happened_at=noon, at=noon)

    seen = preview(message, reader=staff.ellen, at=noon)

    assert "/r/preview/" in seen.text
    assert Invitation.objects.get().voided_at is None


@pytest.fixture
def recommending(sending, noon):
    """A maker of one message that asks the customer whether they would recommend us, by SMS or email."""

    def make(channel, language, questions=None):
        message = sending()
        message.channel = channel
        asked = [
            question("recommend", "nps", both("Would you recommend us?", "您会推荐我们吗？"), metric="nps")
        ]
        Invitation.objects.update(
            purpose="nps",
            version=publish(questions or asked),
            survey=None,
            service_event=None,
            language=language,
        )
        record_consent(
            customer=Customer.objects.get(),
            purpose=Purpose.NPS,
            is_granted=True,
            stated_at=noon,
            source="page",
            overrides_refusal=True,
        )
        return message

    return make


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "您会推荐我们吗？请打分： {link}"),
        ("en", "Would you recommend us? Please give 0-10 points: {link}"),
    ],
)
def test_an_sms_of_a_campaign_asks_for_a_recommendation(recommending, noon, settings, language, words):
    settings.PUBLIC_BASE_URL = "https://fb.example.cn"
    message = recommending("sms", language)

    envelope = build(message, noon)

    assert envelope.text == words.format(link=link_of(Invitation.objects.get()))
    assert language == "en" or len(envelope.text) <= 70


@pytest.mark.parametrize(
    ("language", "words", "ends"),
    [
        (
            "en",
            "Would you recommend us? Choose a score to begin:",
            ("0 = not at all likely", "10 = extremely likely"),
        ),
        ("zh-hans", "您愿意推荐我们吗？请点选一个分数开始：", ("0 分：完全不可能", "10 分：非常可能")),
    ],
)
def test_a_letter_of_a_campaign_offers_0_to_10_and_speaks_of_no_service(
    recommending, noon, language, words, ends
):
    message = recommending("email", language)
    link = link_of(Invitation.objects.get())

    envelope = build(message, noon)

    offered = re.findall(r'href="([^"]+score=[^"]+)"', envelope.html)
    assert offered == [f"{link}?score={score}" for score in range(11)]
    assert all(expected in envelope.html for expected in (words, *ends))
    for said in (envelope.html, envelope.text):
        assert not any(
            word in said for word in ("Your service", "您的服务", "After-sales repair", "售后报修")
        )


def test_the_scores_of_a_letter_fit_the_first_scored_question(recommending, noon):
    rating = question(
        "tone",
        "rating",
        both("Were we friendly?", "态度好吗？"),
        low_label=both("Rude", "生硬"),
        high_label=both("Kind", "亲切"),
    )
    comment = question("comment", "text", both("Anything else?", "还有什么想说的？"))

    envelope = build(recommending("email", "en", [comment, rating]), noon)

    assert re.findall(r"score=(\d+)", envelope.html) == ["1", "2", "3", "4", "5"]
    assert "1 = Rude" in envelope.html
    assert "5 = Kind" in envelope.html


def test_a_letter_about_nothing_scored_offers_no_scores(recommending, noon):
    envelope = build(
        recommending("email", "en", [question("comment", "text", both("What was good?", "哪里好？"))]), noon
    )

    assert "score=" not in envelope.html
    assert link_of(Invitation.objects.get()) in envelope.html


def test_a_batch_of_messages_costs_as_many_queries_as_one(cast, noon, django_assert_num_queries):
    for _ in range(5):
        cast.record()
    decide_events(at=noon)
    messages = list(Message.objects.all())
    for message in messages:
        message.status = "sending"

    with django_assert_num_queries(3):
        assert len(build_messages(messages, noon, write=write_invitation)) == 5


def test_a_text_names_its_sender_and_how_to_stop_it_where_the_gateway_does_neither_itself(settings):
    settings.SMS_SENDER, settings.SMS_OPT_OUT = "【示例电器】", "拒收请回复R"

    with translation.override("zh-hans"):
        text = text_of(Purpose.SURVEY, link="https://f.example/r/x/")

    assert text == "【示例电器】您的服务已完成，请评价： https://f.example/r/x/ 拒收请回复R"
