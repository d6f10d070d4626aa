import base64
import gzip
import hashlib
import re

import pytest

from feedback_site.common.public_pages import security_policy
from surveys.services import pages
from tests.surveys.links import INVITED_AT, QUESTIONS, document_of


@pytest.fixture
def questionnaire():
    return pages.CompiledQuestionnaire(1, document_of(QUESTIONS), tuple(map(pages.compile_question, QUESTIONS)))


def form(questionnaire, language="en", **more):
    return pages.form_page(questionnaire, **{"language": language, "score": None, "can_unsubscribe": True, **more})


def test_a_page_is_compiled_once_and_shared_by_every_link(questionnaire):
    assert form(questionnaire) is form(questionnaire)
    assert gzip.decompress(form(questionnaire).gzipped) == form(questionnaire).plain


def test_every_question_is_shown_in_the_language_of_the_page(questionnaire):
    for language in ("en", "zh-hans"):
        html = form(questionnaire, language).plain.decode()
        words = [question[part][language] for question in QUESTIONS for part in ("text", "help", "low_label", "high_label")]
        words += [option["text"][language] for question in QUESTIONS for option in question["options"]]

        assert [word for word in words if word and word not in html] == []


def test_words_of_staff_are_escaped(questionnaire):
    question = {**QUESTIONS[0], "text": {"en": "<b>&", "zh-hans": "<b>&"}}
    shouting = pages.CompiledQuestionnaire(2, document_of([question]), (pages.compile_question(question),))

    assert b"&lt;b&gt;&amp;" in form(shouting).plain


def test_the_policy_allows_the_style_that_is_sent_and_no_script(questionnaire):
    style = re.search(rb"<style>(.*?)</style>", form(questionnaire).plain).group(1)
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()

    assert f"style-src 'sha256-{digest}'" in security_policy()
    assert "script" not in security_policy()
    assert b"<script" not in form(questionnaire).plain
    assert b" style=" not in form(questionnaire).plain


def test_every_field_has_a_name_that_screen_readers_say(questionnaire):
    html = form(questionnaire).plain.decode()

    assert len(re.findall(r'<fieldset class="card" id="[^"]*" role="radiogroup"[^>]*>\s*<legend>', html)) == 3
    assert '<label class="legend" for="a-comment">' in html
    described = [name for names in re.findall(r'aria-describedby="([^"]+)"', html) for name in names.split()]
    assert [name for name in described if f'id="{name}"' not in html] == []


def test_nobody_who_was_not_written_to_is_offered_to_leave(questionnaire):
    assert b"unsubscribe/" in form(questionnaire).plain
    assert b"unsubscribe/" not in form(questionnaire, can_unsubscribe=False).plain


def test_the_thanks_say_when_the_answer_was_received(questionnaire):
    page = pages.thanks_page(questionnaire, language="zh-hans", received_at=INVITED_AT, is_first=True)

    assert "2026年1月5日 12:00" in page.plain.decode()
    assert "您的评价会帮助我们做得更好。" in page.plain.decode()


@pytest.mark.parametrize(
    ("asked", "invited", "shown"),
    [("", "en", "en"), ("", "zh-hans", "zh-hans"), ("ZH", "en", "zh-hans"), ("zh-CN", "en", "zh-hans"), ("de", "en", "en")],
)
def test_the_language_asked_for_wins_over_the_invitations(questionnaire, asked, invited, shown):
    assert questionnaire.language_of(asked, invited) == shown


def test_a_questionnaire_in_one_language_is_shown_in_it_whatever_is_asked():
    document = {**document_of(QUESTIONS), "languages": ["zh-hans"]}
    chinese = pages.CompiledQuestionnaire(3, document, tuple(map(pages.compile_question, QUESTIONS)))

    assert chinese.language_of("en", "en") == "zh-hans"
    assert b"?lang=" not in form(chinese, "zh-hans").plain


def test_old_versions_make_room_for_new_ones(monkeypatch):
    monkeypatch.setattr(pages, "_questionnaires", {})
    monkeypatch.setattr(pages, "MOST_VERSIONS", 3)
    for version_id in range(5):
        pages.compile_version(version_id, document_of(QUESTIONS))

    assert list(pages._questionnaires) == [2, 3, 4]
