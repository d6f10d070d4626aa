"""Any questionnaire, sent anything.

Never a server error, and never an answer that its questionnaire does not allow.
"""

from typing import Any
from urllib.parse import quote_plus

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from surveys.models import Response
from tests.factories.questionnaires.documents import both, publish, question
from tests.factories.surveys.links import invite
from tests.fuzz import budget

FORM = "application/x-www-form-urlencoded"
LONGEST = 2000
REFUSALS = {400, 413, 415, 422}
# What has broken forms before: NUL, half characters, right-to-left
# marks, digits that are none, numbers that end nowhere.
NASTY = [
    "\x00",
    "\ud800",
    "\u202e",
    "１",
    "٣",
    "²",
    "፩",
    "0",
    "6",
    "11",
    "1e3",
    "+4",
    "-1",
    "4.0",
    " 4 ",
    "4\n",
    "9" * 5000,
    "NaN",
    "None",
    "yes\x00",
    "👩‍👩‍👧‍👦" * 300,
]
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
KINDS = ["rating", "nps", "choice", "text"]
SCORES = {"rating": range(1, 6), "nps": range(11)}


@st.composite
def questionnaires(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to five questions of any type, in any order, required or not."""
    keys = draw(st.lists(st.from_regex(r"\A[a-z][a-z0-9_]{0,19}\Z"), min_size=1, max_size=5, unique=True))
    return [_question(draw, key) for key in keys]


def _question(draw: st.DrawFn, key: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(KINDS))
    return ask(key, kind, draw(WORDS), is_counted=draw(st.booleans()), required=draw(st.booleans()))


def ask(key: str, kind: str, text: str, *, is_counted: bool, required: bool) -> dict[str, Any]:
    metric = {"rating": "satisfaction", "nps": "nps"}.get(kind, "none") if is_counted else "none"
    words = both(text, "问题")
    options = [{"key": name, "text": words} for name in ("yes", "no", "partly")] if kind == "choice" else []
    return question(key, kind, words, metric=metric, required=required, options=options)


def values_for(asked: dict[str, Any]) -> st.SearchStrategy[str]:
    """Mostly what fits, else what does not."""
    fitting = {
        "rating": st.sampled_from("12345"),
        "nps": st.integers(0, 10).map(str),
        "choice": st.sampled_from(["yes", "no", "partly"]),
        "text": st.text(max_size=60),
    }[asked["type"]]
    return st.one_of(fitting, fitting, fitting, st.text(), st.sampled_from(NASTY))


@st.composite
def filled_in(draw: st.DrawFn, asked: list[dict[str, Any]]) -> bytes:
    """A form with the questions' fields: some missing, some twice, some that no one asked for."""
    pairs = [(q["key"], draw(values_for(q))) for q in asked if draw(st.integers(0, 5))]
    if pairs and draw(st.integers(0, 3)) == 0:
        pairs.append((pairs[0][0], draw(values_for(asked[0]))))
    pairs += draw(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=2))
    return "&".join(f"{_quoted(key)}={_quoted(value)}" for key, value in pairs).encode()


def _quoted(text: str) -> str:
    return quote_plus(text, errors="surrogatepass")


def is_allowed(asked: list[dict[str, Any]], answers: dict[str, Any]) -> bool:
    """Judge stored answers by the questionnaire alone, in other words than the product's."""
    by_key = {q["key"]: q for q in asked}
    required = {q["key"] for q in asked if q["required"]}
    return (
        bool(answers)
        and required <= answers.keys() <= by_key.keys()
        and all(_fits(by_key[key], said) for key, said in answers.items())
    )


def _fits(asked: dict[str, Any], said: Any) -> bool:
    if asked["type"] in SCORES:
        return type(said) is int and said in SCORES[asked["type"]]
    if asked["type"] == "choice":
        return said in {option["key"] for option in asked["options"]}
    return isinstance(said, str) and 0 < len(said) <= LONGEST and "\x00" not in said


@pytest.fixture
def sent(organisation) -> Any:
    """Publish a questionnaire, send one body to a fresh link of it, return the status and what was stored.

    Nothing stays behind.
    """

    def send(
        asked: list[dict[str, Any]], body: bytes, content_type: str = FORM, **environment: str
    ) -> tuple[int, list[Any]]:
        with transaction.atomic():
            link = invite(organisation, publish(asked))
            client = Client(raise_request_exception=False)
            shown = client.get(link.address, **environment).status_code
            status = client.generic("POST", link.address, body, content_type, **environment).status_code
            stored = list(Response.objects.values_list("answers", "satisfaction", "nps"))
            transaction.set_rollback(True)
        assert shown == 200
        return status, stored

    return send


def judge(asked: list[dict[str, Any]], status: int, stored: list[Any]) -> None:
    if status != 200:
        assert status in REFUSALS
        assert stored == []
        return
    ((answers, satisfaction, nps),) = stored
    assert is_allowed(asked, answers)
    assert satisfaction in {None, *(answers.get(q["key"]) for q in asked if q["metric"] == "satisfaction")}
    assert nps in {None, *(answers.get(q["key"]) for q in asked if q["metric"] == "nps")}


def test_forms_are_taken_or_refused(sent):
    taken: list[int] = []

    @budget(60)
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        asked = data.draw(questionnaires())
        status, stored = sent(asked, data.draw(filled_in(asked)))
        judge(asked, status, stored)
        taken.append(status)

    check()

    assert taken.count(200) >= len(taken) // 10
    assert taken.count(422) >= len(taken) // 10


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_broken_forms_before_is_taken_or_refused(sent, kind):
    asked = [ask("asked", kind, "?", is_counted=False, required=True)]

    for nasty in NASTY:
        judge(asked, *sent(asked, f"asked={_quoted(nasty)}".encode()))


def test_bytes_of_any_kind_are_taken_or_refused(sent):
    asked = [
        question("overall", "rating", both("How?", "如何"), metric="satisfaction"),
        question("comment", "text", both("?", "?")),
    ]

    @budget(70)
    @given(
        body=st.one_of(
            st.binary(max_size=300), st.binary(max_size=60).map(lambda tail: b"overall=4&comment=" + tail)
        ),
        content_type=st.one_of(
            st.just(FORM),
            st.sampled_from(
                [
                    "",
                    "text/plain",
                    "multipart/form-data",
                    "multipart/form-data; boundary=x",
                    f"{FORM}; charset=utf-16",
                    "application/json",
                ]
            ),
            st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
        ),
        query=st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=40),
        length=st.sampled_from([None, "abc", "-1", "", "0", "99999999999999", "²"]),
        language=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20),
    )
    @example(body=b"overall=4&comment=%00", content_type=FORM, query="lang=%00", length=None, language="")
    @example(
        body=b"overall=4&" + b"x=1&" * 300,
        content_type=FORM,
        query="score=" + "9" * 200,
        length=None,
        language="",
    )
    @example(body=b"comment=" + b"%F0%9F%98%80" * 6000, content_type=FORM, query="", length=None, language="")
    @example(
        body=b"overall=4&comment=\xff\xfe%ed%a0%80",
        content_type=FORM,
        query="score=\xb2",
        length=None,
        language="",
    )
    def check(body: bytes, content_type: str, query: str, length: str | None, language: str) -> None:
        environment = {"QUERY_STRING": query, "HTTP_ACCEPT_LANGUAGE": language} | (
            {} if length is None else {"CONTENT_LENGTH": length}
        )
        judge(asked, *sent(asked, body, content_type, **environment))

    check()


def test_addresses_of_any_kind_lead_somewhere(db):
    @budget(60)
    @given(
        rest=st.text(max_size=40),
        method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "X"]),
    )
    @example(rest="A" * 22 + "/unsubscribe/", method="POST")
    @example(rest="A" * 22 + "/\n", method="GET")
    def check(rest: str, method: str) -> None:
        path = "/r/" + rest.encode(errors="replace").decode("latin-1")
        reply = Client(raise_request_exception=False).generic(method, "/r/x/", PATH_INFO=path)
        assert reply.status_code in {308, 404, 405}

    check()
