import pytest

from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.questionnaires.models import Question
from feedback_site.questionnaires.services.publishing import draft_faults, publish_questionnaire
from surveys.models import OpenQuestionnaire
from surveys.rules.codes import ALPHABET, new_code
from surveys.services.open_questionnaires.opening import (
    close_open_questionnaire,
    reopen_open_questionnaire,
    save_open_questionnaire,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft_place(organisation, questionnaire) -> OpenQuestionnaire:
    return OpenQuestionnaire(team=organisation.east_1, questionnaire=questionnaire, label="Front desk")


@pytest.fixture
def opened(draft_place, published, noon) -> OpenQuestionnaire:
    return save_open_questionnaire(opened=draft_place, at=noon)


def ask_for(questionnaire, kind, **more):
    return Question.objects.create(
        questionnaire=questionnaire,
        key="extra",
        position=9,
        type=kind,
        text={"en": "?", "zh-hans": "？"},
        **more,
    )


def test_a_code_is_of_clear_characters_and_new_each_time():
    codes = {new_code() for _ in range(100)}

    assert len(codes) == 100
    assert set("".join(codes)) <= set(ALPHABET)
    assert not set(ALPHABET) & set("01ilo")


def test_what_staff_open_gets_a_code_that_stays(opened, noon):
    code = opened.code
    opened.label = "Back desk"

    save_open_questionnaire(opened=opened, at=noon)

    opened.refresh_from_db()
    assert (opened.code, opened.label, opened.created_at) == (code, "Back desk", noon)


def test_what_is_not_published_cannot_be_opened(draft_place, noon):
    with pytest.raises(DomainError, match="not published yet"):
        save_open_questionnaire(opened=draft_place, at=noon)


@pytest.mark.parametrize(
    ("kind", "settings", "is_refused"),
    [
        ("contact", {}, True),
        ("call_back", {}, True),
        ("not_mine", {}, True),
        ("consent", {"purpose": "visit"}, True),
        ("consent", {}, False),
        ("short_text", {}, False),
    ],
)
def test_what_needs_a_customer_who_was_invited_is_refused(
    draft_place, questionnaire, noon, kind, settings, is_refused
):
    ask_for(questionnaire, kind, settings=settings)
    publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)

    if is_refused:
        with pytest.raises(DomainError, match=r"Question “extra” .* can only be asked of invited customers"):
            save_open_questionnaire(opened=draft_place, at=noon)
    else:
        assert save_open_questionnaire(opened=draft_place, at=noon).pk


@pytest.mark.parametrize("key", ["stamp", "website", "open"])
def test_the_names_of_the_forms_own_fields_are_refused_as_keys(draft_place, questionnaire, noon, key):
    ask_for(questionnaire, "short_text")
    Question.objects.filter(key="extra").update(key=key)
    publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)

    with pytest.raises(DomainError, match="this ID is reserved"):
        save_open_questionnaire(opened=draft_place, at=noon)


def test_what_is_open_cannot_be_published_with_such_a_question_until_it_is_closed(
    opened, questionnaire, noon
):
    ask_for(questionnaire, "contact")

    with pytest.raises(DomainError, match="It is in use as an open questionnaire at: Front desk"):
        publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)
    assert len(draft_faults(questionnaire)) == 2

    close_open_questionnaire(opened=opened, at=noon)
    assert publish_questionnaire(questionnaire=questionnaire, by=None, at=noon).number == 2
    with pytest.raises(DomainError, match="can only be asked of invited customers"):
        reopen_open_questionnaire(opened=opened)


def test_closing_and_opening_happen_once(opened, noon):
    close_open_questionnaire(opened=opened, at=noon)
    with pytest.raises(ConflictError, match="already stopped"):
        close_open_questionnaire(opened=opened, at=noon)

    reopen_open_questionnaire(opened=opened)
    with pytest.raises(ConflictError, match="open already"):
        reopen_open_questionnaire(opened=opened)
