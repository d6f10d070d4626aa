import base64
import gzip
import hashlib
import json
import re

import pytest

from feedback_site.accounts.models import Organisation
from feedback_site.accounts.selectors import remember_organisation
from feedback_site.common.public_pages import reply_trouble
from feedback_site.questionnaires.pages import form_pages
from feedback_site.questionnaires.pages.assets import form_policy
from feedback_site.questionnaires.services import questionnaires
from tests.factories.questionnaires.documents import QUESTIONS, compile_by_hand, document_of
from tests.factories.surveys.links import INVITED_AT


@pytest.fixture
def questionnaire():
    return compile_by_hand(1, QUESTIONS)


def form(questionnaire, language="en", **more):
    return form_pages.form_page(
        questionnaire, **{"language": language, "score": None, "can_unsubscribe": True, **more}
    )


def test_a_page_is_compiled_once_and_shared_by_every_link(questionnaire):
    assert form(questionnaire) is form(questionnaire)
    assert gzip.decompress(form(questionnaire).gzipped) == form(questionnaire).plain


def test_pages_are_headed_and_ended_with_what_the_company_calls_itself(questionnaire):
    assert "Customer care" in form(questionnaire).plain.decode()
    remember_organisation(Organisation(names={"en": "A & B", "zh-hans": "甲乙"}, hotline="400-800-1234"))

    english, chinese = (form(questionnaire, language).plain.decode() for language in ("en", "zh-hans"))

    assert "</span>A &amp; B</span>" in english
    assert "</span>甲乙</span>" in chinese
    assert "Customer care" not in english
    assert '<a href="tel:400-800-1234">' in english
    own = compile_by_hand(3, QUESTIONS, hotline="95533")
    assert '<a href="tel:95533">' in form(own).plain.decode()
    assert "甲乙" in reply_trouble(404).body.decode()


def test_every_question_is_shown_in_the_language_of_the_page(questionnaire):
    for language in ("en", "zh-hans"):
        html = form(questionnaire, language).plain.decode()
        words = [
            question[part][language]
            for question in QUESTIONS
            for part in ("text", "help", "low_label", "high_label")
        ]
        words += [option["text"][language] for question in QUESTIONS for option in question["options"]]

        assert [word for word in filter(None, words) if word not in html] == []


def test_words_of_staff_are_escaped(questionnaire):
    question = {**QUESTIONS[0], "text": {"en": "<b>&", "zh-hans": "<b>&"}}
    shouting = compile_by_hand(2, [question])

    assert b"&lt;b&gt;&amp;" in form(shouting).plain


@pytest.mark.parametrize("element", ["style", "script"])
def test_the_policy_allows_the_one_style_and_the_one_script_that_are_sent(questionnaire, element):
    html = form(questionnaire).plain.decode()
    (sent,) = re.findall(rf"<{element}>(.*?)</{element}>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(sent.encode()).digest()).decode()

    assert f"{element}-src 'sha256-{digest}';" in f"{form_policy()};"
    assert re.findall(r"<script[^>]+>", html) == ['<script type="application/json" id="data">']
    assert " style=" not in html


def test_words_within_the_scripts_data_cannot_leave_it():
    sneaky = {
        **QUESTIONS[2],
        "key": "praise",
        "condition": {"join": "all", "tests": [same("overall", "</script><script>alert(1)")]},
    }
    html = form(compile_by_hand(4, [*QUESTIONS, sneaky]))

    data = re.search(r'id="data">(.*?)</script>', html.plain.decode()).group(1)
    assert json.loads(data)["asked"][1][2]["tests"][0]["value"] == "</script><script>alert(1)"


def same(name, value):
    return {"of": "answer", "name": name, "operator": "equals", "compared": value}


def test_every_field_has_a_name_that_screen_readers_say(questionnaire):
    html = form(questionnaire).plain.decode()

    assert len(re.findall(r'<fieldset class="card" id="[^"]*" role="radiogroup"[^>]*>\s*<legend>', html)) == 3
    assert '<label class="legend" for="a-comment">' in html
    described = [name for names in re.findall(r'aria-describedby="([^"]+)"', html) for name in names.split()]
    assert [name for name in described if f'id="{name}"' not in html] == []


def test_a_customer_who_was_not_written_to_is_not_offered_to_leave(questionnaire):
    assert b"unsubscribe/" in form(questionnaire).plain
    assert b"unsubscribe/" not in form(questionnaire, can_unsubscribe=False).plain


def test_the_thanks_say_when_the_answer_was_received(questionnaire):
    page = form_pages.thanks_page(questionnaire, language="zh-hans", received_at=INVITED_AT, is_first=True)

    assert "2026年1月5日 12:00" in page.plain.decode()
    assert "您的评价会帮助我们做得更好。" in page.plain.decode()


@pytest.mark.parametrize(
    ("asked", "invited", "shown"),
    [
        ("", "en", "en"),
        ("", "zh-hans", "zh-hans"),
        ("ZH", "en", "zh-hans"),
        ("zh-CN", "en", "zh-hans"),
        ("de", "en", "en"),
    ],
)
def test_the_language_asked_for_wins_over_the_invitations(questionnaire, asked, invited, shown):
    assert questionnaire.language_of(asked, invited) == shown


def test_a_questionnaire_in_one_language_is_shown_in_it_whatever_is_asked():
    chinese = compile_by_hand(3, QUESTIONS, languages=["zh-hans"])

    assert chinese.language_of("en", "en") == "zh-hans"
    assert b"?lang=" not in form(chinese, "zh-hans").plain


def test_old_versions_make_room_for_new_ones(monkeypatch):
    monkeypatch.setattr(questionnaires, "_questionnaires", {})
    monkeypatch.setattr(questionnaires, "MOST_VERSIONS", 3)
    for version_id in range(5):
        questionnaires.compile_version(version_id, document_of(QUESTIONS))

    assert list(questionnaires._questionnaires) == [2, 3, 4]
