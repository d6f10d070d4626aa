import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.models import PendingTally, Response
from surveys.services.links.visits import flush_visits
from tests.factories.questionnaires.documents import QUESTIONS, publish
from tests.factories.surveys.links import GOOD_ANSWERS, INVITED_AT, send

pytestmark = pytest.mark.django_db

ANSWERED_AT = INVITED_AT + timedelta(days=1)
STORED = {"overall": 4, "recommend": 9, "solved": "yes", "comment": "师傅很准时。"}


@pytest.fixture
def links(client, make_link):
    """One link in each state, by the state's name."""
    revoked = make_link()
    revoked.invitation.token_hash = b"another"
    revoked.invitation.save(update_fields=["token_hash"])
    answered = make_link()
    send(client, answered.address, GOOD_ANSWERS)
    return {
        "open": make_link().address,
        "answered": answered.address,
        "expired": make_link(expires_at=INVITED_AT + timedelta(days=14)).address,
        "reopened": make_link(voided_at=ANSWERED_AT, void_reason="reopened").address,
        "refused": make_link(voided_at=ANSWERED_AT, void_reason="consent_withdrawn").address,
        "withdrawn": make_link(voided_at=ANSWERED_AT, void_reason="withdrawn").address,
        "revoked": revoked.address,
        "unknown": "/r/AAAAAAAAAAAAAAAAAAAAAA/",
        "malformed": "/r/short/",
    }


def hidden(client, address) -> dict[str, str]:
    """Return the hidden fields of a form, as a browser sends them along."""
    return dict(
        re.findall(
            r'<input type="hidden" name="([^"]+)" value="([^"]*)">', client.get(address).content.decode()
        )
    )


def heading(page) -> str:
    return re.search(r"<h1>(.*?)</h1>", page.content.decode()).group(1)


@pytest.mark.parametrize(
    ("state", "status", "title"),
    [
        ("open", 200, "How did we do?"),
        ("answered", 200, "You have already answered. Thank you!"),
        ("expired", 410, "This questionnaire has ended"),
        ("reopened", 410, "We are still working on it"),
        ("refused", 410, "You have opted out"),
        ("withdrawn", 410, "This questionnaire was cancelled"),
    ],
)
def test_opening_a_known_link_tells_its_state(client, links, state, status, title):
    page = client.get(links[state])

    assert (page.status_code, heading(page)) == (status, title)


@pytest.mark.parametrize("is_browser", [True, False])
@pytest.mark.parametrize(
    ("state", "status", "title"),
    [
        ("open", 200, "Thank you!"),
        ("answered", 200, "Thank you!"),
        ("expired", 410, "This questionnaire has ended"),
        ("reopened", 410, "We are still working on it"),
        ("refused", 410, "You have opted out"),
        ("withdrawn", 410, "This questionnaire was cancelled"),
    ],
)
def test_answering_a_known_link_is_replied_to_truthfully(client, links, state, status, title, is_browser):
    said = hidden(client, links["open"]) if is_browser else {}

    page = send(client, links[state], {**said, **GOOD_ANSWERS})

    assert (page.status_code, heading(page)) == (status, title)
    assert Response.objects.count() == (2 if state == "open" else 1)


def test_unknown_revoked_and_malformed_links_get_one_and_the_same_page(client, links):
    pages = [
        reach(links[state])
        for state in ("unknown", "revoked", "malformed")
        for reach in (client.get, client.post)
    ]

    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1


def test_good_answers_are_stored_promoted_and_left_to_be_counted(client, link):
    page = send(client, link.address, GOOD_ANSWERS)

    response = Response.objects.get(pk=link.invitation.pk)
    link.invitation.refresh_from_db()
    assert page.status_code == 200
    assert (response.answers, response.satisfaction, response.nps) == (STORED, 4, 9)
    assert (response.language, response.mode) == ("en", "web")
    assert response.submitted_at == link.invitation.answered_at
    assert PendingTally.objects.filter(response=response).count() == 1


def test_changed_answers_are_refused_and_the_first_stay(client, link):
    send(client, link.address, GOOD_ANSWERS)

    page = send(client, link.address, {**GOOD_ANSWERS, "overall": "1"})

    assert (page.status_code, heading(page)) == (409, "Your first answer counts")
    assert Response.objects.get().satisfaction == 4


@pytest.mark.parametrize(
    "claim", ["{other}:en:0", "{own}:en:1", "{own}:tlh:0", "999999999999999999:en:0", "x", ""]
)
def test_what_a_form_says_of_itself_is_not_taken_on_trust(client, make_link, claim):
    own, other = publish(), publish(QUESTIONS[1:])
    link, decoy = make_link(version=own), make_link(version=other)
    client.get(link.address)
    client.get(decoy.address)

    page = send(client, link.address, {".form": claim.format(own=own.pk, other=other.pk), "recommend": "9"})

    assert page.status_code == 422
    assert (
        send(
            client, link.address, {".form": claim.format(own=own.pk, other=other.pk), **GOOD_ANSWERS}
        ).status_code
        == 200
    )
    assert Response.objects.get().answers == STORED


def test_the_thanks_are_in_the_language_of_the_form(client, link):
    page = send(client, link.address, {**hidden(client, f"{link.address}?lang=zh"), **GOOD_ANSWERS})

    assert '<html lang="zh-Hans">' in page.content.decode()
    assert Response.objects.get().language == "zh-hans"


def test_bad_answers_to_an_answered_link_are_told_that_the_first_count(client, link):
    send(client, link.address, GOOD_ANSWERS)

    assert send(client, link.address, {"overall": "77"}).status_code == 409


def test_opening_a_link_writes_nothing(client, links):
    def written():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_current_xact_id_if_assigned(), sum(n_tup_ins + n_tup_upd + n_tup_del) FROM "
                "pg_stat_xact_user_tables"
            )
            return cursor.fetchone()

    before = written()

    for address in links.values():
        client.get(address)
        client.get(f"{address}?score=1&lang=zh")
        client.head(address)

    assert written() == before


def test_a_get_and_a_form_that_comes_back_take_one_statement_once_the_process_knows_the_questionnaire(
    client, make_link
):
    version = publish()
    fresh, bare = make_link(version=version), make_link(version=version)
    with CaptureQueriesContext(connection) as cold:
        client.get(fresh.address)
    with CaptureQueriesContext(connection) as shown:
        client.get(fresh.address)
    said = hidden(client, fresh.address)
    with CaptureQueriesContext(connection) as answered:
        send(client, fresh.address, {**said, **GOOD_ANSWERS})
    with CaptureQueriesContext(connection) as without_a_word:
        send(client, bare.address, GOOD_ANSWERS)
    with CaptureQueriesContext(connection) as malformed:
        client.get("/r/short/")

    assert [len(queries) for queries in (cold, shown, answered, without_a_word, malformed)] == [2, 1, 1, 2, 0]


def test_the_page_takes_at_most_ten_kilobytes_and_one_request(client, link):
    page = client.get(link.address, headers={"accept-encoding": "gzip"})

    assert page.headers["Content-Encoding"] == "gzip"
    assert len(page.content) <= 10_000
    assert (
        re.findall(rb'(?:src|href)="(?!data:|\?|unsubscribe/|more/|#)', client.get(link.address).content)
        == []
    )


@pytest.mark.parametrize(
    ("asked", "language"), [("", "en"), ("?lang=zh", "zh-Hans"), ("?lang=en", "en"), ("?lang=tlh", "en")]
)
def test_the_language_is_the_invitations_unless_another_is_asked_for(client, link, asked, language):
    assert f'<html lang="{language}">' in client.get(link.address + asked).content.decode()


def test_answers_keep_the_language_they_were_given_in(client, link):
    send(client, f"{link.address}?lang=zh", GOOD_ANSWERS)

    assert Response.objects.get().language == "zh-hans"


@pytest.mark.parametrize(
    ("score", "checked"), [("4", ["4"]), ("9", []), ("0", []), ("x", []), ("٤", []), ("999999", [])]
)
def test_a_score_in_the_address_only_preselects(client, link, score, checked):
    page = client.get(f"{link.address}?score={score}").content.decode()

    assert re.findall(r'value="(\w+)"[^>]* checked', page) == checked
    assert not Response.objects.exists()


def test_a_score_preselects_a_recommendation_that_comes_first(client, make_link):
    link = make_link(version=publish([QUESTIONS[1], QUESTIONS[3]]))

    page = client.get(f"{link.address}?score=10").content.decode()

    assert re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', page) == [("recommend", "10")]


def test_errors_are_said_at_the_field_and_nothing_else_is_lost(client, link):
    page = send(
        client, link.address, {"overall": "", "recommend": "9", "solved": "no", "comment": "a\n\n\n<b>b</b>"}
    )

    html = page.content.decode()
    assert page.status_code == 422
    assert '<p class="error" id="q-overall-error">Please answer this question.</p>' in html
    assert 'role="alert"' in html
    assert '<a href="#a-overall">' in html
    assert 'id="a-overall"' in html
    assert re.findall(r'name="(\w+)" value="(\w+)"[^>]* checked', html) == [
        ("recommend", "9"),
        ("solved", "no"),
    ]
    assert ">\na\n\n\n&lt;b&gt;b&lt;/b&gt;</textarea>" in html
    assert not Response.objects.exists()


def test_a_visit_is_counted_apart_once_it_is_flushed(client, link):
    for headers in ({}, {}, {"sec-purpose": "prefetch;prerender"}, {"purpose": "prefetch"}):
        client.get(link.address, headers=headers)
    client.head(link.address)

    flush_visits()

    assert link.invitation.visit.count == 2


def test_visits_to_links_that_have_ended_are_not_counted(client, make_link):
    ended = make_link(expires_at=INVITED_AT + timedelta(days=14))
    client.get(ended.address)

    flush_visits()

    assert not hasattr(ended.invitation, "visit")
