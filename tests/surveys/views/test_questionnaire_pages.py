import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feedback_site.questionnaires.document import read_document
from feedback_site.questionnaires.models import QuestionnaireVersion
from feedback_site.questionnaires.services.publishing import find_faults
from surveys.models import Invitation, Response, ResponseDraft
from tests.factories.questionnaires.documents import both, document_of, publish, question
from tests.factories.surveys.links import INVITED_AT, Invited, invite, send

REASON = {"join": "all", "tests": [{"of": "answer", "name": "overall", "operator": "at_most", "compared": 3}]}
LONG = [
    question(
        "overall",
        "rating",
        both("How satisfied are you?", "您满意吗？"),
        metric="satisfaction",
        required=True,
        page=1,
    ),
    question("first", "text", both("First words", "第一"), page=1),
    question(
        "reason", "text", both("What went wrong?", "哪里不好？"), page=2, condition=REASON, required=True
    ),
    question(
        "recommend",
        "nps",
        both("Would you recommend us?", "您会推荐我们吗？"),
        metric="nps",
        page=3,
        required=True,
    ),
    question("comment", "short_text", both("Anything else?", "还有吗？"), page=3),
]


@pytest.fixture
def long_version(organisation) -> QuestionnaireVersion:
    return publish(LONG)


@pytest.fixture
def long_link(organisation, long_version) -> Invited:
    return invite(organisation, long_version)


def heading_of(page) -> str:
    return re.search(r"<h1>(.*?)</h1>", page.content.decode()).group(1)


def asked_on(page) -> list[str]:
    return re.findall(r'id="c-(\w+)"', page.content.decode())


def follow(client, link, page):
    assert page.status_code == 303, page.content.decode()
    return client.get(link.address + page.headers["Location"])


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_each_page_is_saved_as_it_is_left_and_leads_to_the_next(self, client, long_link):
        opened = client.get(long_link.address)
        left = send(client, long_link.address, {".page": "1", ".seconds": "12", "overall": "2", "first": "a"})
        shown = follow(client, long_link, left)

        assert (asked_on(opened), asked_on(shown)) == (["overall", "first"], ["reason"])
        assert left.headers["Location"] == "?page=2"
        assert "Page 2 of 3" in shown.content.decode()
        draft = ResponseDraft.objects.get()
        assert (draft.answers, draft.page, draft.seconds, draft.state) == (
            {"overall": 2, "first": "a"},
            2,
            {"1": 12},
            "open",
        )
        assert not Response.objects.exists()

    def test_a_page_with_nothing_to_ask_is_passed_over(self, client, long_link):
        shown = follow(client, long_link, send(client, long_link.address, {".page": "1", "overall": "5"}))

        assert asked_on(shown) == ["recommend", "comment"]
        assert "Page 2 of 2" in shown.content.decode()

    def test_the_last_page_submits_everything(self, client, long_link):
        send(client, long_link.address, {".page": "1", "overall": "5"})

        page = send(client, long_link.address, {".page": "3", "recommend": "9", "comment": "good"})

        assert (page.status_code, heading_of(page)) == (200, "Thank you!")
        response = Response.objects.get()
        assert (response.answers, response.satisfaction, response.nps) == (
            {"overall": 5, "recommend": 9, "comment": "good"},
            5,
            9,
        )
        assert ResponseDraft.objects.get().state == "sent"

    def test_what_left_the_path_is_kept_apart(self, client, long_link):
        send(client, long_link.address, {".page": "1", "overall": "2"})
        send(client, long_link.address, {".page": "2", "reason": "late"})
        send(client, long_link.address, {".page": "1", "overall": "5"})
        send(client, long_link.address, {".page": "3", "recommend": "9"})

        response = Response.objects.get()
        assert (response.answers, response.off_path) == ({"overall": 5, "recommend": 9}, {"reason": "late"})

    def test_back_keeps_what_was_typed_right_or_wrong(self, client, long_link):
        send(client, long_link.address, {".page": "1", "overall": "5", "first": "kept"})

        back = follow(
            client,
            long_link,
            send(client, long_link.address, {".page": "3", "recommend": "x", "comment": "c", ".back": "1"}),
        )
        forth = follow(
            client,
            long_link,
            send(client, long_link.address, {".page": "1", "overall": "5", "first": "kept"}),
        )

        assert asked_on(back) == ["overall", "first"]
        assert 'value="5" checked' in back.content.decode()
        assert ">\nkept</textarea>" in back.content.decode()
        assert 'name="comment" value="c"' in forth.content.decode()

    def test_another_device_goes_on_where_the_first_stopped_in_its_language(self, client, long_link):
        send(client, f"{long_link.address}?lang=zh", {".page": "1", "overall": "2"})

        shown = Client().get(long_link.address)

        assert asked_on(shown) == ["reason"]
        assert '<html lang="zh-Hans">' in shown.content.decode()

    def test_a_page_that_is_not_reached_yet_is_not_shown(self, client, long_link):
        assert asked_on(client.get(f"{long_link.address}?page=3")) == ["overall", "first"]
        send(client, long_link.address, {".page": "1", "overall": "2"})
        assert asked_on(client.get(f"{long_link.address}?page=3")) == ["reason"]
        assert asked_on(client.get(f"{long_link.address}?page=1")) == ["overall", "first"]

    def test_what_is_wrong_on_a_page_is_said_there_and_the_rest_is_saved(self, client, long_link):
        page = send(client, long_link.address, {".page": "1", "overall": "9", "first": "kept"})

        assert page.status_code == 422
        assert 'id="q-overall-error"' in page.content.decode()
        assert ResponseDraft.objects.get().answers == {"first": "kept"}

    def test_an_earlier_page_that_became_incomplete_is_shown_before_anything_is_sent(self, client, long_link):
        page = send(client, long_link.address, {".page": "3", "recommend": "9"})

        assert (page.status_code, asked_on(page)) == (422, ["overall", "first"])
        assert not Response.objects.exists()

    def test_all_in_one_form_is_taken_too(self, client, long_link):
        assert send(client, long_link.address, {"overall": "5", "recommend": "9"}).status_code == 200
        assert Response.objects.get().answers == {"overall": 5, "recommend": 9}

    def test_opening_any_page_writes_nothing(self, client, long_link):
        send(client, long_link.address, {".page": "1", "overall": "2"})
        before = ResponseDraft.objects.values().get()

        for query in ("", "?page=1", "?page=2", "?page=77", "?page=x", "?score=5", "?lang=zh"):
            client.get(long_link.address + query)
            client.head(long_link.address + query)

        assert ResponseDraft.objects.values().get() == before

    def test_a_saved_page_takes_a_fixed_number_of_statements(self, client, long_link):
        client.get(long_link.address)
        with CaptureQueriesContext(connection) as shown:
            client.get(long_link.address)
        with CaptureQueriesContext(connection) as left:
            send(client, long_link.address, {".page": "1", "overall": "5"})
        with CaptureQueriesContext(connection) as sent:
            send(client, long_link.address, {".page": "3", "recommend": "5"})

        assert (len(shown), len(left), len(sent)) == (2, 3, 5)

    @pytest.mark.parametrize(
        "fields",
        [
            {".page": "0"},
            {".page": "-1"},
            {".page": "999999999"},
            {".page": "１"},
            {".page": ["1", "3"]},
            {".page": "\x00"},
            {".page": "1", ".seconds": "-5"},
            {".page": "1", ".seconds": "9" * 400},
            {".page": "1", ".back": "<script>"},
            {".page": "1", "overall": ["1", "2"]},
            {".page": "1", "__proto__": "x", "unasked.key": "1"},
            {".page": "2", "reason": "字" * 2001},
            {".page": "3", "recommend": "\u202e9", "comment": "a\x00b"},
        ],
        ids=range(13),
    )
    def test_odd_fields_get_a_page_and_store_nothing_unasked(self, client, long_link, fields):
        page = send(client, long_link.address, fields)

        assert page.status_code in {303, 422}
        assert not Response.objects.exists()
        assert set(ResponseDraft.objects.get().answers) <= {"overall", "first", "comment"}

    def test_a_megabyte_is_refused_and_what_was_saved_stays(self, client, long_link):
        send(client, long_link.address, {".page": "1", "overall": "2"})

        assert send(client, long_link.address, {".page": "2", "reason": "x" * 1_000_000}).status_code == 413
        assert ResponseDraft.objects.get().answers == {"overall": 2}


@pytest.mark.django_db
class TestOneQuestionPerScreen:
    def test_each_question_has_a_screen_and_a_section_stands_above_the_next(self, client, organisation):
        asked = [question("hello", "section", both("Hello", "您好")), LONG[0], LONG[3]]
        version = publish(asked)
        QuestionnaireVersion.objects.filter(pk=version.pk)
        single = QuestionnaireVersion.objects.create(
            questionnaire=version.questionnaire,
            number=2,
            document={**document_of(asked), "layout": "single"},
            published_at=INVITED_AT,
        )
        link = invite(organisation, single)

        first = client.get(link.address)
        second = follow(client, link, send(client, link.address, {".page": "1", "overall": "5"}))

        assert (asked_on(first), asked_on(second)) == (["hello", "overall"], ["recommend"])


@pytest.mark.django_db
class TestLinksThatEndOnTheWay:
    def test_expiry_keeps_what_was_saved_and_says_so(self, client, long_link):
        send(client, long_link.address, {".page": "1", "overall": "2"})
        Invitation.objects.update(expires_at=INVITED_AT + timedelta(days=1))

        for page in (
            client.get(long_link.address),
            send(client, long_link.address, {".page": "2", "reason": "late"}),
        ):
            assert page.status_code == 410
            assert "The answers you had given by then are saved." in page.content.decode()
        assert ResponseDraft.objects.get().answers == {"overall": 2}

    def test_the_same_last_page_again_gets_the_same_thanks_another_is_told_that_the_first_counts(
        self, client, long_link
    ):
        send(client, long_link.address, {".page": "1", "overall": "5"})
        last = {".page": "3", "recommend": "9"}
        first, again = send(client, long_link.address, last), send(client, long_link.address, last)
        changed = send(client, long_link.address, {".page": "1", "overall": "1"})

        assert first.content == again.content
        assert (changed.status_code, heading_of(changed)) == (409, "Your first answer counts")
        assert ResponseDraft.objects.get().answers == {"overall": 5, "recommend": 9}

    def test_a_voided_link_saves_nothing(self, client, long_link):
        Invitation.objects.update(voided_at=INVITED_AT, void_reason="reopened")

        assert send(client, long_link.address, {".page": "1", "overall": "2"}).status_code == 410
        assert not ResponseDraft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_fifty_devices_send_the_last_page_at_once_and_one_response_is_stored(client, long_link):
    send(client, long_link.address, {".page": "1", "overall": "5"})

    def send_last(number: int):
        try:
            page = send(Client(), long_link.address, {".page": "3", "recommend": str(number % 2 + 8)})
            return page.status_code, heading_of(page), number % 2
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        replies = list(threads.map(send_last, range(50)))

    stored = Response.objects.get().answers["recommend"] - 8
    assert [reply for reply in replies if reply[2] == stored] == [(200, "Thank you!", stored)] * 25
    assert [reply for reply in replies if reply[2] != stored] == [
        (409, "Your first answer counts", 1 - stored)
    ] * 25
    assert ResponseDraft.objects.get().state == "sent"


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_leave_different_pages_at_once_both_keep_their_answers(client, long_link):
    send(client, long_link.address, {".page": "1", "overall": "2"})

    def leave(fields):
        try:
            return send(Client(), long_link.address, fields).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        threads.map(leave, [{".page": "1", "overall": "2", "first": "one"}, {".page": "2", "reason": "two"}])

    assert ResponseDraft.objects.get().answers == {"overall": 2, "first": "one", "reason": "two"}


@pytest.mark.django_db
class TestAnswersThatTakeEffect:
    ASKED = (
        question("other", "not_mine", both("This was not my service", "这不是我的服务"), page=1),
        LONG[0],
        question("reach", "contact", both("How can we reach you?", "怎么联系您？"), page=2),
    )

    @pytest.fixture
    def link(self, organisation):
        return invite(organisation, publish(list(self.ASKED)))

    def test_a_service_that_was_not_theirs_ends_the_form_at_once(self, client, link):
        page = send(client, link.address, {".page": "1", "other": "wrong_person"})

        assert (page.status_code, heading_of(page)) == (200, "Thank you!")
        assert Response.objects.get().answers == {"other": "wrong_person"}

    def test_a_contact_is_sealed_with_the_last_page_and_stands_in_no_draft(self, client, link):
        send(client, link.address, {".page": "1", "overall": "5"})
        page = send(client, link.address, {".page": "2", "reach.phone": "13800000001"})

        link.invitation.customer.refresh_from_db()
        assert (page.status_code, bool(link.invitation.customer.phone_sealed)) == (200, True)
        assert ResponseDraft.objects.get().answers == {"overall": 5, "reach": "given"}

    @pytest.mark.parametrize(("page", "is_fault"), [(2, False), (1, True)])
    def test_a_contact_is_asked_for_on_the_last_page_only(self, page, is_fault):
        document = document_of([{**self.ASKED[2], "page": page}, {**LONG[0], "page": 2}])

        assert (
            any(
                "a contact is asked for on the last screen" in fault
                for _key, fault in find_faults(read_document(document))
            )
            is is_fault
        )
