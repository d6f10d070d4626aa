"""Texts by language: the value, the column, the look-ups."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from feedback_site.accounts.models import Organisation
from feedback_site.accounts.selectors import remember_organisation
from feedback_site.common.text_values import Texts
from feedback_site.common.texts import InReadersLanguage
from feedback_site.customers.models import Segment

BOTH = {"en": "New", "zh-hans": "新客户"}


@pytest.mark.parametrize(
    ("written", "english", "chinese"),
    [
        (BOTH, "New", "新客户"),
        ({"zh-hans": "新客户"}, "新客户", "新客户"),
        ({"en": "New"}, "New", "New"),
        ({"en": " ", "zh-hans": "新客户 "}, "新客户", "新客户"),
        ({}, "", ""),
    ],
)
def test_readers_get_their_language_else_another(written, english, chinese):
    texts = Texts(written)

    with translation.override("en"):
        assert str(texts) == english
    with translation.override("zh-hans"):
        assert f"{texts}" == chinese


@pytest.mark.parametrize(
    ("languages", "shown"),
    [(["en", "zh-hans"], "New"), (["zh-hans", "en"], "新客户"), (["zh-hans"], "新客户")],
)
def test_a_missing_language_is_replaced_by_the_organisations_default(languages, shown):
    remember_organisation(Organisation(languages=languages))

    assert Texts(BOTH).in_language("de") == shown


def test_a_language_that_is_not_changed_stays():
    texts = Texts(BOTH)

    assert texts.with_changes({"en": "Newcomers"}) == {"en": "Newcomers", "zh-hans": "新客户"}
    assert texts.with_changes({"en": ""}) == {"zh-hans": "新客户"}
    assert Texts({"en": "New"}).in_every_language() == {"en": "New", "zh-hans": ""}


@pytest.mark.django_db
def test_texts_come_back_as_they_were_assigned():
    made = Segment(slug="new")
    made.names = BOTH
    made.save()

    assert made.names == Segment.objects.get(slug="new").names == BOTH
    assert isinstance(made.names, Texts)
    assert isinstance(Segment.objects.only("slug").get(slug="new").names, Texts)
    assert list(Segment.objects.values_list("names", "names__en")) == [(BOTH, "New")]
    assert Segment.objects.filter(names__en__icontains="nE").exists()
    assert Segment.objects.filter(**{"names__zh-hans": "新客户"}).exists()
    assert not Segment.objects.filter(names__en="new").exists()


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        ({}, "Write this in at least one language."),
        ({"en": "  "}, "Write this in at least one language."),
        ({"de": "Neu"}, "Unknown language: de."),
        ({"en": "x" * 121}, "English: at most 120 characters; these are 121."),
        ("New", "Texts are written by language: {language: text}."),
        ({"en": 5}, "Texts are written by language: {language: text}."),
    ],
)
def test_what_is_no_text_by_language_is_refused_in_words(names, problem):
    with pytest.raises(ValidationError) as refused:
        Segment(slug="new", names=names).clean_fields()

    assert refused.value.message_dict == {"names": [problem]}


@pytest.mark.parametrize("names", [{"en": "x" * 120}, {"zh-hans": "新"}, BOTH])
def test_one_language_is_enough(names):
    Segment(slug="new", names=names).clean_fields()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "stored",
    [
        "{}",
        "[]",
        '"New"',
        "null",
        '{"en": ""}',
        '{"en": " "}',
        '{"en": 5}',
        '{"en": null}',
        '{"en": {"a": "b"}}',
        '{"de": "Neu"}',
        '{"en": "New", "de": "Neu"}',
        f'{{"en": "{"x" * 121}"}}',
        f'{{"en": "x", "zh-hans": "{"新" * 121}"}}',
    ],
)
def test_the_database_refuses_what_is_no_text_by_language(stored):
    segment = Segment.objects.create(slug="new", names=BOTH)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE customers_segment SET names = %s::jsonb WHERE id = %s", [stored, segment.pk])


@pytest.mark.django_db
def test_the_longest_text_is_stored():
    assert Segment.objects.create(slug="new", names={"en": "x" * 120, "zh-hans": "新" * 120}).pk


@pytest.mark.django_db
def test_a_text_that_may_be_missing_is_stored_empty():
    assert Organisation.objects.create().names == {}


@pytest.mark.django_db
def test_lists_are_ordered_by_what_the_reader_sees():
    Segment.objects.create(slug="b", names={"en": "Beta", "zh-hans": "甲"})
    Segment.objects.create(slug="a", names={"en": "Alpha", "zh-hans": "乙"})
    Segment.objects.create(slug="c", names={"zh-hans": "C"})
    rows = Segment.objects.order_by(InReadersLanguage("names").asc())

    with translation.override("en"):
        assert [row.slug for row in rows.all()] == ["a", "b", "c"]
    with translation.override("zh-hans"):
        assert [row.slug for row in rows.all()] == ["c", "a", "b"]
    with translation.override("en"):
        assert [row.slug for row in Segment.objects.order_by(InReadersLanguage("names").desc())] == [
            "c",
            "b",
            "a",
        ]
