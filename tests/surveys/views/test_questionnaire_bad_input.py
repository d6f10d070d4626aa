from html import unescape
from urllib.parse import urlencode

import pytest

from surveys.models import Response
from tests.factories.questionnaires.documents import QUESTIONS, publish
from tests.factories.surveys.links import GOOD_ANSWERS, send

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
SAYS = {
    "missing": {"en": "Please answer this question.", "zh": "请回答这个问题。"},
    "rating": {"en": "Please choose a number from 1 to 5.", "zh": "请选择 1 到 5 之间的数字。"},
    "nps": {"en": "Please choose a number from 0 to 10.", "zh": "请选择 0 到 10 之间的数字。"},
    "choice": {"en": "Please choose one of the options.", "zh": "请选择其中一个选项。"},
    "long": {
        "en": "Please shorten this text to 2000 characters; it has 2001.",
        "zh": "请把文字缩短到 2000 字以内，现在有 2001 字。",
    },
    "nul": {
        "en": "This text contains characters that cannot be stored. Please remove them.",
        "zh": "文字中含有无法保存的字符，请删除后再提交。",
    },
    "several": {"en": "Please give one answer only.", "zh": "请只选择一项。"},
}
BAD = [
    ("overall", "", "missing"),
    ("overall", "   ", "missing"),
    ("overall", "0", "rating"),
    ("overall", "6", "rating"),
    ("overall", "-1", "rating"),
    ("overall", "4.5", "rating"),
    ("overall", "four", "rating"),
    ("overall", "四", "rating"),
    ("overall", "4" * 400, "rating"),
    ("overall", "\x00", "rating"),
    ("overall", "<script>alert(1)</script>", "rating"),
    ("overall", "⭐", "rating"),
    ("overall", ["4", "5"], "several"),
    ("recommend", "11", "nps"),
    ("recommend", "1e1", "nps"),
    ("recommend", "\u202e9", "nps"),
    ("recommend", ["0", "10"], "several"),
    ("solved", "maybe", "choice"),
    ("solved", "YES", "choice"),
    ("solved", "yes\x00", "choice"),
    ("solved", "'; DROP TABLE surveys_response; --", "choice"),
    ("comment", "字" * 2001, "long"),
    ("comment", "😀" * 2001, "long"),
    ("comment", "a\x00b", "nul"),
    ("comment", ["one", "another"], "several"),
]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("key", "value", "says"), BAD, ids=range(len(BAD)))
def test_a_bad_answer_is_refused_with_a_sentence_in_the_customers_language(
    client, link, language, key, value, says
):
    page = send(client, f"{link.address}?lang={language}", {**GOOD_ANSWERS, key: value})

    assert page.status_code == 422
    assert f'id="q-{key}-error">{SAYS[says][language]}</p>' in unescape(page.content.decode())
    assert not Response.objects.exists()


GOOD = [
    ("overall", "４", 4),
    ("overall", " 5 ", 5),
    ("overall", ["3", "3"], 3),
    ("recommend", "１０", 10),
    ("recommend", "0", 0),
    ("solved", "partly", "partly"),
    ("comment", "<script>alert('x')</script> & \"quotes\"", "<script>alert('x')</script> & \"quotes\""),
    ("comment", "😀👨‍👩‍👧", "😀👨‍👩‍👧"),
    ("comment", "\u202eمرحبا", "\u202eمرحبا"),
    ("comment", "  kept \r\n as written ", "  kept \n as written "),
    ("comment", "字" * 1999 + "\r\n", "字" * 1999 + "\n"),
    ("comment", "100%s {braces} \\backslash", "100%s {braces} \\backslash"),
]


@pytest.mark.parametrize(("key", "value", "stored"), GOOD, ids=range(len(GOOD)))
def test_an_unusual_answer_is_stored_as_it_was_given(client, link, key, value, stored):
    page = send(client, link.address, {**GOOD_ANSWERS, key: value})

    assert page.status_code == 200
    assert Response.objects.get().answers[key] == stored


def test_what_was_not_answered_is_absent(client, link):
    send(client, link.address, {"overall": "5", "recommend": "", "comment": " \n "})

    response = Response.objects.get()
    assert (response.answers, response.nps) == ({"overall": 5}, None)


def test_unknown_fields_are_never_stored(client, link):
    send(client, link.address, {**GOOD_ANSWERS, "is_admin": "1", "": "x", "__proto__": "y"})

    assert Response.objects.get().answers.keys() == GOOD_ANSWERS.keys()


def test_a_questionnaire_without_required_questions_wants_one_answer(client, make_link):
    link = make_link(version=publish(QUESTIONS[1:]))

    page = send(client, link.address, {"comment": ""})

    assert page.status_code == 422
    assert "Please answer at least one question." in page.content.decode()


def test_scripts_in_a_refused_form_are_shown_as_text(client, link):
    page = send(client, link.address, {"overall": "", "comment": "</textarea><script>alert(1)</script>"})

    assert page.status_code == 422
    assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.content.decode()


def test_a_megabyte_is_refused_unread(client, link):
    page = send(client, link.address, {"overall": "4", "comment": "x" * 1_000_000})

    assert page.status_code == 413


def test_two_longest_texts_of_the_widest_characters_fit(client, make_link):
    link = make_link(version=publish([QUESTIONS[3], {**QUESTIONS[3], "key": "more"}]))

    assert send(client, link.address, {"comment": "😀" * 2000, "more": "𠮷" * 2000}).status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", FORM, 422),
        (b"&&&===", FORM, 422),
        (b"overall=%ff%fe", FORM, 422),
        (b"overall=%zz", FORM, 422),
        (b"\xff\xfe\x00", FORM, 422),
        (urlencode([(f"f{number}", "1") for number in range(500)]).encode(), FORM, 400),
        (b'{"overall": 4}', "application/json", 415),
        (b"--x\r\n", "multipart/form-data; boundary=x", 415),
    ],
)
def test_a_body_that_is_no_form_gets_a_page_and_stores_nothing(client, link, body, content_type, status):
    page = client.post(link.address, body, content_type=content_type)

    assert page.status_code == status
    assert page.content.startswith(b"<!doctype html>")
    assert not Response.objects.exists()


def test_bytes_that_are_no_text_are_stored_as_replacement_characters(client, link):
    client.post(link.address, b"overall=4&comment=a%ffb", content_type=FORM)

    assert Response.objects.get().answers["comment"] == "a\ufffdb"
