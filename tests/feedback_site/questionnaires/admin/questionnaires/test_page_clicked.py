"""A questionnaire of every type, made by clicking.

Written, previewed, tried out and published, and answered on phones.
"""

import os

import pytest
from django.urls import reverse
from playwright.sync_api import Page, sync_playwright

from feedback_site.questionnaires.models import Question, Questionnaire
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from surveys.models import Response
from tests.factories.questionnaires.answering import HANDS
from tests.factories.surveys.links import invite

pytestmark = pytest.mark.django_db(transaction=True)

# Contacts are asked for on the last screen: they are not kept before the answers are sent.
LAST = {"contact", "consent", "call_back", "not_mine", "section", "choice", "multiple", "matrix"}
PARTS = {"choice": "options", "multiple": "options", "matrix": "options-2"}


@pytest.fixture
def page(live_server, client, staff, monkeypatch):
    """Ada's browser, as wide as a desk's."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in this thread
    client.force_login(staff.ada)
    with sync_playwright() as playwright:
        program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-background-networking"]
        )
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": 1440, "height": 1200}, locale="en"
        )
        cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": "en"}
        context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield page
        browser.close()


def begin(page: Page) -> Questionnaire:
    page.goto(reverse("admin:questionnaires_questionnaire_add"))
    texts = {"names_en": "Every type", "names_zh_hans": "所有题型", "slug": "every-type"}
    texts |= {
        "title_en": "All of it, {event.agent|our colleague}",
        "title_zh_hans": "全部，{event.agent|我们的同事}",
    }
    for name, text in {**texts, "thanks_en": "Thanks!", "thanks_zh_hans": "谢谢！"}.items():
        page.fill(f"#id_{name}", text)
    page.click("[name=_continue]")
    page.wait_for_selector(".phone")
    page.wait_for_load_state()
    return Questionnaire.objects.get()


def add_row(page: Page, table: str) -> None:
    page.click(f"#{table}-group .add-row a, #{table}-group a.add-row")


def write_plain_questions(page: Page) -> None:
    """Add all types that need no more than words in the questionnaire's own table."""
    for number, kind in enumerate(kind for kind in QUESTION_CLASSES if kind not in PARTS):
        add_row(page, "questions")
        page.select_option(f"#id_questions-{number}-type", kind)
        page.fill(f"#id_questions-{number}-text_en", f"About {kind.replace('_', ' ')}")
        page.fill(f"#id_questions-{number}-text_zh_hans", f"关于{kind}")
        page.fill(f"#id_questions-{number}-page", "2" if kind in LAST else "1")
    page.click("[name=_continue]")
    page.get_by_text("was changed successfully").wait_for()


def write_question_with_parts(page: Page, questionnaire: Questionnaire, kind: str) -> None:
    page.goto(f"{reverse('admin:questionnaires_question_add')}?questionnaire={questionnaire.pk}")
    page.select_option("#id_type", kind)
    assert not page.input_value("#id_metric"), "a new question counts as usual, which the server decides"
    page.fill("#id_text_en", f"About {kind}")
    page.fill("#id_text_zh_hans", f"关于{kind}")
    page.fill("#id_page", "2" if kind in LAST else "1")
    for number, (english, chinese) in enumerate([("First", "甲"), ("Second", "乙")]):
        add_row(page, PARTS[kind])
        page.fill(f"#id_{PARTS[kind]}-{number}-text_en", english)
        page.fill(f"#id_{PARTS[kind]}-{number}-text_zh_hans", chinese)
    page.click("[name=_save]")
    page.wait_for_url(f"**{reverse('admin:questionnaires_questionnaire_change', args=[questionnaire.pk])}")


def change_question(page: Page, question: Question, changes: dict[str, str]) -> None:
    page.goto(reverse("admin:questionnaires_question_change", args=[question.pk]))
    for name, changed in changes.items():
        page.fill(f"#id_{name}", changed)
    page.click("[name=_save]")
    page.wait_for_url("**/questionnaires/questionnaire/**")


def pick_condition(page: Page, question: Question, subject: Question, operator: str, value: str) -> None:
    page.goto(reverse("admin:questionnaires_question_change", args=[question.pk]))
    add_row(page, "conditions")
    page.select_option("#id_conditions-0-depends_on", f"q-{subject.pk}")
    page.select_option("#id_conditions-0-operator", operator)
    field = page.locator("#id_conditions-0-choice")
    if field.is_visible():
        field.select_option(f"q-{subject.pk}={value}")
    else:
        page.fill("#id_conditions-0-value", value)
    page.click("[name=_save]")
    page.wait_for_url("**/questionnaires/questionnaire/**")


def answer_on_a_phone(page: Page, address: str, *, width: int, has_script: bool, hands: str) -> None:
    context = page.context.browser.new_context(
        viewport={"width": width, "height": 844},
        has_touch=True,
        java_script_enabled=has_script,
        locale="en-GB",
    )
    phone = context.new_page()
    phone.set_default_timeout(10_000)
    phone.goto(address)
    assert phone.evaluate("document.documentElement.scrollWidth") <= width
    HANDS[hands](phone)
    assert "Thanks!" in phone.inner_text("main"), phone.inner_text("main")
    context.close()


def test_every_type_is_written_previewed_tried_out_published_and_answered(
    page, staff, organisation, live_server
):
    questionnaire = begin(page)
    write_plain_questions(page)
    for kind in PARTS:
        write_question_with_parts(page, questionnaire, kind)
    questions = {question.type: question for question in questionnaire.questions.all()}
    pick_condition(page, questions["choice"], questions["rating"], "at_most", "2")
    pick_condition(page, questions["text"], questions["number"], "at_least", "5")
    change_question(page, questions["text"], {"text_length": "300"})
    change_question(
        page, questions["matrix"], {"text_en": "About matrix, having chosen {answer.about_rating}"}
    )

    phone = page.frame_locator(".phone iframe")
    phone.locator("#c-about_rating").wait_for()
    branches = page.locator("[data-phone=branch] option").all_inner_texts()
    page.select_option("[data-phone=lang]", "en")
    phone.get_by_text("About matrix").wait_for()
    assert phone.locator("h1").inner_text() == "All of it, Mr Wang"
    page.fill("#id_title_en", "Typed just now")
    assert phone.locator("h1").inner_text() == "Typed just now"
    page.select_option("[data-phone=width]", "320")
    assert page.locator(".phone-frame iframe").bounding_box()["width"] == 320

    page.goto(f"{reverse('admin:questionnaires_questionnaire_try_out', args=[questionnaire.pk])}?lang=en")
    assert page.locator("#c-about_text").is_hidden()
    page.click("#c-about_rating label:has-text('2')")
    page.fill("#c-about_number input", "7")
    page.fill("#c-about_text textarea", "Late")
    page.get_by_role("button", name="Next").click()
    page.get_by_text("About matrix, having chosen 2").wait_for()
    page.click("#c-about_choice label:has-text('Second')")
    page.get_by_role("button", name="Send my answers").click()
    page.get_by_text("This was a trial: nothing was stored").wait_for()

    page.goto(reverse("admin:questionnaires_questionnaire_publish", args=[questionnaire.pk]))
    page.click("button:has-text('Publish')")
    page.get_by_text("Version 1 is published").wait_for()

    written = {question["type"]: question for question in questionnaire.versions.get().document["questions"]}
    assert set(written) == set(QUESTION_CLASSES)
    assert branches == [
        "All questions",
        "no condition holds",
        "about_number is at least 5",
        "about_rating is at most 2",
    ]
    assert [written[kind]["metric"] for kind in ("nps", "ces", "rating", "csat")] == [
        "nps",
        "ces",
        "satisfaction",
        "none",
    ]
    assert written["text"]["settings"] == {"length": 300}
    assert [option["key"] for option in written["multiple"]["options"]] == ["first", "second"]
    assert written["text"]["condition"]["tests"] == [
        {"of": "answer", "name": "about_number", "operator": "at_least", "value": "5", "compared": 5}
    ]
    assert not Response.objects.exists()

    version = questionnaire.versions.get()
    for width, has_script, hands in [
        (390, True, "tapping"),
        (320, True, "keyboard"),
        (390, False, "keyboard"),
        (320, False, "tapping"),
    ]:
        link = invite(organisation, version)
        answer_on_a_phone(
            page, live_server.url + link.address, width=width, has_script=has_script, hands=hands
        )
        answered = {
            name.removeprefix("about_").partition(".")[0]
            for name in Response.objects.get(pk=link.invitation.pk).answers
        }
        assert answered == set(QUESTION_CLASSES) - {"section", "not_mine"}, hands
