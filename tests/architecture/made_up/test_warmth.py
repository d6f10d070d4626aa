"""One module and one template make a type of question, from its author to customers and exchanges."""

import copy
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse

from feedback_site.questionnaires.document import write_document
from feedback_site.questionnaires.models import Question
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.services.drafts import read_draft
from feedback_site.questionnaires.services.exchange import import_definition
from feedback_site.questionnaires.services.exchange.xlsform.types import type_of
from feedback_site.questionnaires.services.publishing import find_faults
from feedback_site.questionnaires.services.publishing.compiling import compile_draft
from feedback_site.questionnaires.services.questionnaires import questionnaire_of
from surveys.models import Response
from surveys.resources import ResponseResource
from surveys.services.responses.importing.reading import read_given
from tests.architecture.made_up.warmth import WarmthQuestion
from tests.factories.questionnaires.writing import errors_in, make, more_rows, page_of, save
from tests.factories.surveys.links import invite, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _warmth(monkeypatch, settings):
    """The type, as if its files stood in the product's own folders."""
    monkeypatch.setitem(QUESTION_CLASSES, WarmthQuestion.name, WarmthQuestion)
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    settings.TEMPLATES = templates


@pytest.fixture
def warmth(ada, draft) -> Question:
    """The question, as its author adds it."""
    added = {
        "questionnaire": draft.pk,
        "type": "warmth",
        "text_en": "How warm was it?",
        "text_zh_hans": "温度如何？",
        "warmth_highest": "35",
        "metric": "",
    }
    response = save(ada, reverse("admin:questionnaires_question_add"), **added)
    assert response.status_code == 302
    return draft.questions.get(type="warmth")


@pytest.fixture
def asks_why(ada, draft, warmth) -> Question:
    """A question for those who found it hot."""
    why = make(draft, "why", "short_text", page=2)
    rows = {"depends_on": f"q-{warmth.pk}", "operator": "at_least", "value": "30"}
    response = save(ada, page_of("question_change", why), **more_rows("conditions", 0, rows))
    assert response.status_code == 302
    return why


def test_its_author_is_offered_what_it_states(ada, draft, warmth):
    page = ada.get(page_of("question_change", warmth), headers={"accept-language": "en"})
    form = page.context["adminform"].form
    shapes = json.loads(form.fields["type"].widget.attrs["data-shapes"])
    offered = page.context["adminform"].model_admin.conditional_fields

    assert (warmth.key, warmth.settings, warmth.metric) == ("how_warm_was_it", {"highest": 35}, "none")
    assert ("warmth", "How warm") in form.fields["type"].choices
    assert shapes["warmth"] == {"options": False, "rows": False, "metric": "none"}
    assert offered["warmth_highest"] == "type == 'warmth'"
    too_hot = save(ada, page_of("question_change", warmth), warmth_highest="99", metric="nps")
    assert set(errors_in(too_hot)) == {"warmth_highest", "metric"}
    assert "How warm" in ada.get(reverse("admin:questionnaires_question_changelist")).content.decode()


def test_conditions_and_publishing_hold_to_what_it_states(ada, draft, warmth, asks_why):
    test = compile_draft(draft).questions[-1].condition.tests[0]
    assert (test.name, test.operator, test.value, test.compared) == (warmth.key, "at_least", "30", 30)
    words = more_rows("conditions", 1, {"depends_on": f"q-{warmth.pk}", "operator": "equals", "value": "x"})
    assert set(errors_in(save(ada, page_of("question_change", asks_why), **words))) == {"conditions-1-value"}

    Question.objects.filter(pk=warmth.pk).update(settings={"highest": 20})

    faulty = [key for key, fault in find_faults(compile_draft(draft)) if "that it was hot" in fault]
    assert faulty == [warmth.key]


def test_the_preview_answers_it_and_repeats_its_answer(ada, draft, warmth, asks_why):
    Question.objects.filter(pk=asks_why.pk).update(text={"en": "Why {answer.how_warm_was_it}?"})
    page = ada.get(page_of("questionnaire_preview", draft), {"lang": "en", "branch": "0"}).content.decode()

    assert 'max="35"' in page
    assert "Why 30 °C?" in page


def test_customers_answer_it_and_staff_export_it(ada, client, organisation, draft, warmth, asks_why):
    Question.objects.filter(pk=asks_why.pk).update(page=1)
    assert ada.post(reverse("admin:questionnaires_questionnaire_publish", args=[draft.pk])).status_code == 302
    link = invite(organisation, draft.versions.get())
    asked = client.get(link.address).content.decode()
    assert '<input type="range" max="35" id="a-how_warm_was_it"' in asked
    assert '"asked":[["how_warm_was_it","n",null],["why","s",' in asked

    refused = send(client, link.address, {"overall": "5", warmth.key: "36"})
    assert "That is too hot." in refused.content.decode()
    send(client, link.address, {"overall": "5", warmth.key: "31", "why": "Sun"})

    answers = Response.objects.get().answers
    assert answers == {"overall": 5, warmth.key: 31, "why": "Sun"}
    cells = {"overall": ["5"], warmth.key: ["31 °C"]}
    assert read_given(questionnaire_of(link.invitation.version_id), cells).answers[warmth.key] == 31
    table = ResponseResource.for_rows(Response.objects.all()).export(Response.objects.all())
    row = dict(zip(table.headers, table[0], strict=True))
    assert [row[name] for name in table.headers if warmth.key in name] == [31, 1]


def test_it_is_exchanged_with_other_installations(draft, warmth, asks_why):
    definition = write_document(read_draft(draft))
    entry = next(one for one in definition["questions"] if one["key"] == warmth.key)
    assert (entry["type"], entry["settings"]) == ("warmth", {"highest": 35})

    again = import_definition(definition={**definition, "slug": "elsewhere"}, team=None)

    assert replace(read_draft(again), slug=draft.slug) == read_draft(draft)
    assert type_of({"type": "thermometer"}) == "warmth"


def test_other_code_compares_no_type_with_a_name():
    root = Path(__file__).parents[3]
    # These two are also words of expressions.
    names = "|".join(QUESTION_CLASSES.keys() - {"text", "number"})
    compared = rf"""(\.type|\["type"\]|\bkind)\s*([=!]=|(not )?in)\s*[\[({{]?\s*["']({names})["']"""
    classes = "|".join({one.__name__ for one in QUESTION_CLASSES.values()})
    asked = rf"is(instance|subclass)\([^\n]*\b({classes})\b"
    telling = re.compile(f"{compared}|{asked}")
    files = [
        path
        for folder in ("feedback_site", "surveys", "nps", "visits")
        for path in (root / folder).rglob("*.py")
    ]

    found = [str(path.relative_to(root)) for path in files if telling.search(path.read_text())]

    assert len(files) > 500
    assert found == []
