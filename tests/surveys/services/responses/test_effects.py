"""What some answers do beside being counted."""

from datetime import timedelta

import pytest

from feedback_site.customers.models import Consent, Customer, CustomerTeam
from feedback_site.customers.services import contacts_of, record_consent
from feedback_site.questionnaires.services.questionnaires import questionnaire_of
from feedback_site.questionnaires.walk import Walk
from surveys.models import EventFlag, FollowUpRequest, Invitation, Response
from surveys.services.follow_ups.flagging import check_flags
from surveys.services.responses import effects
from surveys.services.responses.answering import Submission
from surveys.services.responses.effects import submit_with_effects
from tests.factories.questionnaires.documents import both, publish, question
from tests.factories.surveys.links import INVITED_AT, invite, send

pytestmark = pytest.mark.django_db

AT = INVITED_AT + timedelta(days=1)
QUESTIONS = [
    question("overall", "rating", both("Satisfied?", "满意吗？"), metric="satisfaction", required=True),
    question("reach", "contact", both("How can we reach you?", "如何联系您？")),
    question("call", "call_back", both("Shall we call you?", "需要回电吗？")),
    question(
        "nps_too",
        "consent",
        both("May we ask you once a quarter?", "可以每季度询问一次吗？"),
        settings={"purpose": "nps"},
    ),
    question("mine", "not_mine", both("Not your service?", "不是您的服务？")),
]
CONTACT = {"reach.name": " 王 小明 ", "reach.phone": "１３８ 0013 8000", "reach.email": "wang@example.com"}


@pytest.fixture
def version(organisation):
    return publish(QUESTIONS)


@pytest.fixture
def link(organisation, version):
    return invite(organisation, version)


@pytest.fixture
def open_link(organisation, version):
    """No one known was asked."""
    link = invite(organisation, version)
    Invitation.objects.update(customer=None)
    return link


def contact_of(invitation):
    invitation.refresh_from_db()
    contact = contacts_of([invitation.customer])[invitation.customer_id]
    return contact.name, contact.phone, contact.email


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ["姓名", "上午", "我同意"]), ("en", ["Your name", "In the morning", "I agree"])],
)
def test_our_own_words_are_in_the_language_of_the_page(client, link, language, words):
    page = client.get(f"{link.address}?lang={language}").content.decode()

    assert [word for word in words if word not in page] == []


def test_a_contact_is_sealed_and_never_among_the_answers(client, link):
    page = send(client, link.address, {"overall": "4", **CONTACT})

    assert page.status_code == 200
    assert Response.objects.get().answers == {"overall": 4, "reach": "given"}
    assert contact_of(link.invitation) == ("王 小明", "+8613800138000", "wang@example.com")


def test_what_is_left_empty_stays_as_it_is_known(client, link, organisation, version):
    send(client, link.address, {"overall": "4", **CONTACT})
    other = invite(organisation, version, customer=link.invitation.customer)

    send(client, other.address, {"overall": "4", "reach.email": "new@example.com"})

    assert contact_of(other.invitation) == ("王 小明", "+8613800138000", "new@example.com")


def test_a_person_who_was_not_known_becomes_a_customer_of_their_own(client, open_link):
    send(client, open_link.address, {"overall": "4", **CONTACT})

    assert contact_of(open_link.invitation) == ("王 小明", "+8613800138000", "wang@example.com")
    customer = Customer.objects.get(source="questionnaire")
    assert list(CustomerTeam.objects.filter(customer=customer).values_list("team", flat=True)) == [
        open_link.invitation.team_id
    ]


def test_a_wish_to_be_called_becomes_a_request_and_allows_the_call(client, link):
    send(client, link.address, {"overall": "4", "call.phone": "13800138000", "call.slot": "evening"})

    request = FollowUpRequest.objects.get()
    assert (request.response_id, request.reason, request.slot, request.score) == (
        link.invitation.pk,
        "call_back",
        "evening",
        None,
    )
    assert Response.objects.get().answers == {"overall": 4, "call": "evening"}
    assert list(Consent.objects.values_list("purpose", "is_granted")) == [("visit", True)]


@pytest.mark.parametrize(("answer", "is_granted"), [("yes", True), ("no", False)])
def test_consent_is_the_customers_own_word_with_the_version_of_its_text(
    client, link, version, answer, is_granted
):
    customer = link.invitation.customer
    record_consent(
        customer=customer,
        purpose="nps",
        is_granted=not is_granted,
        stated_at=INVITED_AT,
        source="crm",
        overrides_refusal=False,
    )

    send(client, link.address, {"overall": "4", "nps_too": answer})

    latest = Consent.objects.order_by("-stated_at").first()
    assert (latest.purpose, latest.is_granted, latest.source) == (
        "nps",
        is_granted,
        f"questionnaire v{version.pk}: nps_too",
    )


@pytest.mark.parametrize("reason", ["did_not_happen", "wrong_person"])
def test_not_my_service_is_the_only_answer_and_flags_the_event(client, link, reason):
    page = send(client, link.address, {"overall": "", "mine": reason, **CONTACT})

    assert page.status_code == 200
    response = Response.objects.get()
    assert (response.answers, response.satisfaction, response.off_path) == (
        {"mine": reason},
        None,
        {"reach": "given"},
    )
    assert EventFlag.objects.get().reason == reason
    assert not Customer.objects.exclude(phone_mask="").exists()


BAD = [
    ({"reach.phone": "12"}, "reach", "This is not a phone number that can be called."),
    ({"reach.email": "<script>"}, "reach", "This is not an email address."),
    (
        {"reach.name": "王"},
        "reach",
        "Please leave a phone number or an email address, so that we can reach you.",
    ),
    (
        {"reach.name": "王" * 121, "reach.email": "a@b.cn"},
        "reach",
        "Please shorten this text to 120 characters; it has 121.",
    ),
    ({"reach.phone": ["13800138000", "13900139000"]}, "reach", "Please give one answer only."),
    ({"call.slot": "evening"}, "call", "Please enter the phone number we should call."),
    ({"call.phone": "13800138000", "call.slot": "night"}, "call", "Please choose one of the options."),
    ({"call.phone": "\x00"}, "call", "This is not a phone number that can be called."),
    ({"nps_too": "perhaps"}, "nps_too", "Please choose one of the options."),
    ({"mine": "other"}, "mine", "Please choose one of the options."),
]


@pytest.mark.parametrize(("fields", "key", "sentence"), BAD, ids=range(len(BAD)))
def test_what_cannot_take_effect_is_refused_at_its_field_and_the_rest_is_kept(
    client, link, fields, key, sentence
):
    page = send(client, link.address, {"overall": "4", **fields})

    assert page.status_code == 422
    assert f'id="q-{key}-error">{sentence}</p>' in page.content.decode()
    assert not Response.objects.exists()
    assert not Consent.objects.exists()


def test_a_form_sent_twice_takes_effect_once(client, link):
    fields = {"overall": "4", "call.phone": "13800138000", "nps_too": "yes"}

    pages = [send(client, link.address, fields) for _ in range(3)]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert (Response.objects.count(), FollowUpRequest.objects.count(), Consent.objects.count()) == (1, 1, 2)


def test_an_effect_that_fails_takes_the_response_with_it(link, monkeypatch):
    def fail(*_):
        raise RuntimeError

    monkeypatch.setitem(effects._EFFECTS, effects.ContactGiven, fail)
    fields = {"overall": ["4"], "reach.phone": ["13800138000"]}
    read = Walk(questionnaire_of(link.invitation.version_id).steps, fields).read

    with pytest.raises(RuntimeError):
        submit_with_effects(Submission.of(read, invitation_id=link.invitation.pk, language="en"), at=AT)

    assert not Response.objects.exists()


def test_a_flag_is_checked_once_and_the_first_who_did_stays(client, link, staff):
    send(client, link.address, {"mine": "wrong_person"})

    assert check_flags(flags=EventFlag.objects.all(), by=staff.ellen, at=AT) == 1
    assert check_flags(flags=EventFlag.objects.all(), by=staff.quinn, at=AT) == 0
    assert EventFlag.objects.get().checked_by == staff.ellen
