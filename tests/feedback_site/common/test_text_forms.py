"""Forms for texts by language: one input for each language of the organisation."""

from typing import Any

import pytest
from django import forms
from django.forms import modelform_factory

from feedback_site.accounts.models import Organisation
from feedback_site.accounts.selectors import remember_organisation
from feedback_site.common.text_forms import TextsWidget
from feedback_site.customers.models import Segment

BOTH = {"en": "New", "zh-hans": "新客户"}
Form: Any = modelform_factory(Segment, fields=("names",))


def sent(**names: str) -> forms.ModelForm:
    form: forms.ModelForm = Form(names, instance=Segment(slug="new", names=BOTH))
    return form


@pytest.fixture
def in_chinese_only() -> None:
    remember_organisation(Organisation(languages=["zh-hans"]))


def test_each_language_has_an_input_of_its_own():
    page = str(Form(instance=Segment(names=BOTH))["names"])

    assert 'role="group" aria-label="Name"' in page
    assert page.index('<label for="id_names_zh_hans">Simplified Chinese</label>') < page.index(
        '<label for="id_names_en">English</label>'
    )
    assert page.count('maxlength="120"') == 2
    assert 'lang="zh-Hans"' in page
    assert 'value="新客户"' in page
    assert "3 / 120" in page
    assert "required" not in page


def test_one_language_needs_no_second_label(in_chinese_only):
    bound = sent()["names"]

    assert (bound.id_for_label, "<label" in str(bound), "role=" in str(bound)) == (
        "id_names_zh_hans",
        False,
        False,
    )
    assert "required" in str(bound)


@pytest.mark.parametrize(
    ("names", "stored"),
    [
        ({"names_en": "Newcomers", "names_zh_hans": "新客户"}, {"en": "Newcomers", "zh-hans": "新客户"}),
        ({"names_en": "", "names_zh_hans": " 新客户 "}, {"zh-hans": "新客户"}),
        ({"names_en": "Newcomers"}, {"en": "Newcomers", "zh-hans": "新客户"}),
    ],
)
def test_one_language_is_enough_and_what_was_not_shown_stays(names, stored):
    form = sent(**names)

    assert form.errors == {}
    assert form.instance.names == stored


def test_a_text_in_a_language_that_is_switched_off_is_kept_and_shown_again(in_chinese_only):
    form = sent(names_zh_hans="新来的", names_en="Forged")

    assert form.is_valid()
    assert form.instance.names == {"en": "New", "zh-hans": "新来的"}
    remember_organisation(Organisation())
    assert 'value="New"' in str(Form(instance=form.instance)["names"])


@pytest.mark.parametrize(
    ("names", "problem", "wrong"),
    [
        ({"names_en": "", "names_zh_hans": " "}, "Write this in at least one language.", 2),
        ({}, "Write this in at least one language.", 2),
        (
            {"names_en": "x" * 121, "names_zh_hans": "新"},
            "English: at most 120 characters; these are 121.",
            1,
        ),
        ({"names_en": "a\x00"}, "Null characters are not allowed.", 2),
    ],
)
def test_an_error_is_said_of_its_language(names, problem, wrong):
    form = sent(**names)

    assert form.errors["names"] == [problem]
    page = str(form["names"])
    assert page.count('aria-invalid="true"') == wrong
    if wrong == 1:
        assert page.index('id="id_names_en"') < page.index('aria-invalid="true"')


def test_inputs_share_no_value_of_the_pages_script():
    assert "x-model" not in TextsWidget().render("text", BOTH, {"id": "id_text", "x-model.fill": "text"})


def test_a_form_has_changed_where_a_text_differs():
    assert sent(names_en="New", names_zh_hans="新客户").changed_data == []
    assert sent(names_en="Old", names_zh_hans="新客户").changed_data == ["names"]
    assert sent(names_en="", names_zh_hans="新客户").changed_data == ["names"]


def test_long_texts_have_several_lines():
    assert '<textarea name="did_en" cols="40" rows="4"' in TextsWidget(rows=4).render("did", {"en": "Done"})
