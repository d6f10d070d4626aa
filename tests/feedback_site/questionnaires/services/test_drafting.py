"""What a question counts as when no one said: the first rating as satisfaction, later ones as nothing."""

import pytest

from feedback_site.questionnaires.document import QuestionContent, write_document
from feedback_site.questionnaires.enums import Metric
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.services.copying import duplicate_questionnaire
from feedback_site.questionnaires.services.drafting import propose_metrics
from feedback_site.questionnaires.services.exchange.importing import import_definition
from feedback_site.questionnaires.services.exchange.library import library
from feedback_site.questionnaires.services.publishing import review_draft


def question(kind, **more):
    return QuestionContent(key="q", type=kind, **more)


@pytest.mark.parametrize(
    ("questions", "metrics"),
    [
        ([question("rating"), question("rating")], ["satisfaction", "none"]),
        ([question("text"), question("csat"), question("rating")], ["none", "satisfaction", "none"]),
        ([question("rating"), question("csat")], ["satisfaction", "none"]),
        ([question("rating", metric="none"), question("rating")], ["none", "none"]),
        ([question("rating"), question("rating", metric="satisfaction")], ["none", "satisfaction"]),
        ([question("rating", settings={"points": 7}), question("rating")], ["none", "none"]),
        ([question("csat", settings={"points": 7})], ["none"]),
        ([question("nps"), question("nps"), question("ces")], ["nps", "none", "ces"]),
        ([question("matrix"), question("number"), question("choice")], ["none", "none", "none"]),
        ([], []),
    ],
)
def test_the_first_rating_is_proposed_and_what_is_stated_stays(questions, metrics):
    assert [one.metric for one in propose_metrics(questions)] == metrics


@pytest.fixture
def definition():
    """An entry of the library with two ratings and no word of what anything counts as."""
    entry = write_document(next(entry.document for entry in library() if entry.slug == "post-service"))
    for one in entry["questions"]:
        del one["metric"]
        one["indicator"] = ""
    return entry


def metrics_of(draft):
    return [
        metric
        for metric in draft.questions.order_by("position").values_list("metric", flat=True)
        if metric != "none"
    ]


@pytest.mark.django_db
def test_a_file_that_does_not_say_gets_a_proposal_and_one_that_says_keeps_its_word(definition):
    silent = import_definition(definition=definition, team=None)
    stated = [{**one, "metric": "none"} for one in definition["questions"]]
    spoken = import_definition(definition={**definition, "slug": "spoken", "questions": stated}, team=None)

    assert (metrics_of(silent), metrics_of(spoken)) == (["satisfaction"], [])
    assert metrics_of(duplicate_questionnaire(questionnaire=spoken, team=None)) == []
    assert metrics_of(duplicate_questionnaire(questionnaire=silent, team=None)) == ["satisfaction"]


@pytest.mark.django_db
def test_publishing_warns_when_nothing_counts_as_satisfaction(definition):
    silent = import_definition(definition=definition, team=None)
    warned = "No question counts as satisfaction"

    before = [sentence for _key, sentence in review_draft(silent).warnings if sentence.startswith(warned)]
    silent.questions.update(metric=Metric.NONE)
    after = [
        sentence
        for _key, sentence in review_draft(Questionnaire.objects.get(pk=silent.pk)).warnings
        if sentence.startswith(warned)
    ]

    assert (len(before), len(after)) == (0, 1)


def test_the_label_says_what_counting_as_nothing_means():
    assert str(Metric.NONE.label) == "feeds no indicator"
