"""Answers to tagged questions feed the indicators that only a survey can tell."""

from datetime import date
from decimal import Decimal

import pytest

from feedback_site.common.exceptions import DomainError
from feedback_site.evaluations.models import (
    EvaluationRecord,
    EvaluationScheme,
    Indicator,
    Measurement,
    SchemeItem,
)
from feedback_site.evaluations.services import load_after_sales_scheme
from feedback_site.questionnaires.models import Question, QuestionnaireVersion, QuestionOption
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.services.exchange.library import add_from_library
from feedback_site.questionnaires.services.publishing import compare_documents, publish_questionnaire
from surveys.models import IndicatorTally, Invitation
from surveys.services.decisions.deciding import decide_events
from surveys.services.responses.answering import Submission, submit_responses
from surveys.services.tallies.tallying import consume_tallies
from tests.factories.questionnaires.definitions import definition_of
from tests.factories.questionnaires.documents import both, compiled, content_of, question

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def draft(cast, noon):
    """The library's post-service questionnaire, which the survey rule asks."""
    load_after_sales_scheme()
    questionnaire = add_from_library(slug="post-service", team=None)
    publish_questionnaire(questionnaire=questionnaire, by=None, at=noon)
    cast.survey.questionnaire = questionnaire
    cast.survey.save()
    return questionnaire


@pytest.fixture
def answer(cast, draft, noon):
    """Record one event a set of answers and answer it."""

    def give(*batch, **event):
        for _answers in batch:
            cast.record(**event)
        decide_events(at=noon)
        invitations = Invitation.objects.filter(answered_at=None).order_by("pk")
        submit_responses(
            [
                Submission(row.pk, answers, None, None, "zh-hans")
                for row, answers in zip(invitations, batch, strict=True)
            ],
            at=noon,
        )

    return give


def measured(slug, team, kind="month"):
    row = Measurement.objects.filter(indicator__slug=slug, team=team, period_kind=kind).first()
    return None if row is None else (row.value, row.n)


def test_ratings_and_shares_are_measured_for_the_team_and_those_above(cast, answer, noon):
    answer(
        {"attitude": 5, "first_contact": "first", "known": "yes"},
        {"attitude": 4, "first_contact": "later"},
        {"first_contact": "no"},
    )
    answer({"attitude": 1, "known": "no"}, team=cast.organisation.west_1)

    consume_tallies(at=noon)

    east_1, east = cast.organisation.east_1, cast.organisation.east
    assert measured("service_attitude", east_1) == measured("service_attitude", east) == (Decimal("4.5"), 2)
    assert measured("service_attitude", cast.organisation.west_1) == (Decimal(1), 1)
    assert measured("first_contact_resolution", east_1, "quarter") == (Decimal("33.3333"), 3)
    assert measured("customer_known", east_1) == (Decimal(100), 1)
    share = Measurement.objects.get(
        indicator__slug="first_contact_resolution", team=east_1, period_kind="month"
    )
    assert (share.source, share.evidence) == ("survey", {"fulfilled": 1, "not_fulfilled": 2})
    assert share.low < share.value < share.high
    # Satisfaction is measured from what counts as it, not from the tag.
    assert measured("customer_satisfaction", east_1) is None


def test_an_option_without_a_mark_is_left_out_of_the_share(cast, answer, noon):
    answer({"adopted": "none"}, {"adopted": "none"}, {"adopted": "partly"}, {"adopted": "yes"})

    consume_tallies(at=noon)

    assert measured("solution_adoption", cast.organisation.east_1) == (Decimal(50), 2)


def test_what_was_counted_before_is_added_to(cast, answer, noon):
    answer({"attitude": 5})
    consume_tallies(at=noon)
    answer({"attitude": 3}, {"attitude": 5})
    consume_tallies(at=noon)

    assert dict(IndicatorTally.objects.values_list("value", "count")) == {5: 2, 3: 1}
    assert measured("service_attitude", cast.organisation.east_1) == (Decimal("4.3333"), 3)


def test_a_record_that_weighs_such_an_indicator_is_scored(cast, answer, noon):
    scheme = EvaluationScheme.objects.create(slug="voices", names={"en": "Voices", "zh-hans": "声音"})
    SchemeItem.objects.create(
        scheme=scheme, indicator=Indicator.objects.get(slug="service_attitude"), weight=100
    )
    answer(*[{"attitude": 4}] * 10)

    consume_tallies(at=noon)

    record = EvaluationRecord.objects.get(
        scheme=scheme, team=cast.organisation.east_1, period_kind="month", period_start=NOVEMBER
    )
    assert record.score == Decimal(80)


def test_an_interview_on_a_return_visit_feeds_nothing(cast, answer, noon):
    Invitation.objects.update(purpose="visit")
    answer({"attitude": 5})
    Invitation.objects.update(purpose="visit")

    consume_tallies(at=noon)

    assert not IndicatorTally.objects.exists()


def test_an_indicator_that_was_done_away_with_holds_no_answer_up(cast, answer, noon):
    Question.objects.filter(indicator__slug="service_attitude").update(indicator=None)
    Indicator.objects.filter(slug="service_attitude").delete()
    answer({"attitude": 5, "first_contact": "first"})

    assert consume_tallies(at=noon) == 1
    assert set(IndicatorTally.objects.values_list("indicator__slug", flat=True)) == {
        "first_contact_resolution"
    }


def test_counting_many_answers_takes_as_many_statements_as_few(
    cast, answer, noon, django_assert_max_num_queries
):
    given = {"attitude": 4, "first_contact": "first", "known": "yes"}
    answer(given)
    consume_tallies(at=noon)
    answer(*[given] * 30)

    with django_assert_max_num_queries(24):
        consume_tallies(at=noon)


def test_a_version_counts_as_it_was_published(cast, draft, answer, noon):
    Indicator.objects.filter(slug="service_attitude").update(source="crm")
    answer({"attitude": 5})

    consume_tallies(at=noon)

    assert measured("service_attitude", cast.organisation.east_1) == (Decimal(5), 1)
    document = QuestionnaireVersion.objects.get(questionnaire=draft).content
    assert next(one for one in document.questions if one.key == "attitude").feeds == "rating"


@pytest.mark.parametrize(
    ("kind", "more", "unit", "answers", "value"),
    [
        ("rating", {}, "rating", {"q": 3}, 3),
        ("csat", {}, "rating", {"q": 2}, 2),
        ("csat", {}, "percent", {"q": 4}, 1),
        ("csat", {"settings": {"points": 7}}, "percent", {"q": 5}, 0),
        ("ces", {}, "percent", {"q": 5}, 1),
        ("ces", {}, "percent", {"q": 4}, 0),
        ("yes_no", {}, "percent", {"q": "yes"}, 1),
        ("yes_no", {}, "percent", {"q": "no"}, 0),
        ("yes_no", {}, "percent", {}, None),
        ("rating", {}, "rating", {}, None),
        ("text", {}, "percent", {"q": "yes"}, None),
    ],
)
def test_each_type_gives_what_it_can(kind, more, unit, answers, value):
    content = question("q", kind, both("Q", "问"), indicator="i", feeds=unit, **more)

    assert compiled(content).fed(answers) == value


def marked(marks):
    return [{"key": str(place), "text": both("o", "选"), "fulfils": mark} for place, mark in enumerate(marks)]


@pytest.mark.parametrize(
    ("kind", "more", "unit", "can"),
    [
        ("rating", {}, "rating", True),
        ("rating", {"settings": {"points": 10}}, "rating", False),
        ("rating", {}, "percent", False),
        ("csat", {"settings": {"points": 7}}, "rating", False),
        ("csat", {"settings": {"points": 7}}, "percent", True),
        ("ces", {}, "rating", False),
        ("yes_no", {}, "percent", True),
        ("choice", {"options": marked([True, False, None])}, "percent", True),
        ("choice", {"options": marked([True, None])}, "percent", False),
        ("multiple", {"options": marked([True, False])}, "percent", False),
        ("consent", {}, "percent", False),
        ("not_mine", {}, "percent", False),
        ("nps", {}, "points", False),
        ("number", {}, "hours", False),
    ],
)
def test_what_cannot_be_compared_cannot_feed(kind, more, unit, can):
    assert (
        QUESTION_CLASSES[kind].can_feed(content_of(question("q", kind, both("Q", "问"), **more)), unit) is can
    )


@pytest.mark.parametrize(
    ("key", "change", "sentence"),
    [
        ("attitude", {"settings": {"points": 10, "style": "stars"}}, "rated from 1 to 5"),
        ("comment", {"indicator": "customer_known"}, "its indicator is a percentage"),
        ("custom", {"indicator": "service_attitude"}, "another question feeds this indicator already"),
        (
            "attitude",
            {"indicator": "customer_satisfaction"},
            "measured from the question that counts as satisfaction",
        ),
    ],
)
def test_what_cannot_feed_its_indicator_cannot_be_published(draft, noon, key, change, sentence):
    if "indicator" in change:
        change = {"indicator": Indicator.objects.get(slug=change["indicator"])}
    draft.questions.filter(key=key).update(**change)

    with pytest.raises(DomainError, match=sentence) as refused:
        publish_questionnaire(questionnaire=draft, by=None, at=noon)

    assert {fault["question"] for fault in refused.value.extra["faults"]} == {key}


def test_two_rotating_sets_may_feed_one_indicator(draft, noon):
    draft.questions.filter(key__in=["clear", "custom"]).update(
        indicator=Indicator.objects.get(slug="solution_clarity")
    )

    assert publish_questionnaire(questionnaire=draft, by=None, at=noon).number == 2


def test_an_option_that_changes_sides_breaks_the_series(draft, noon):
    before = QuestionnaireVersion.objects.get(questionnaire=draft).content
    QuestionOption.objects.filter(
        question__questionnaire=draft, question__key="first_contact", key="later"
    ).update(fulfils=True)

    after = publish_questionnaire(questionnaire=draft, by=None, at=noon).content

    assert compare_documents(before, after).breaks == ["first_contact"]


def test_a_definition_from_before_the_mark_is_good_without_it(draft):
    definition = definition_of(draft)

    assert [option["fulfils"] for option in definition["questions"][3]["options"]] == [True, False, False]
