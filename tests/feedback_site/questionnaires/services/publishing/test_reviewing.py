import pytest

from feedback_site.questionnaires.document import (
    ConditionContent,
    ConditionTest,
    Document,
    OptionContent,
    QuestionContent,
)
from feedback_site.questionnaires.services.publishing.comparing import compare_documents
from feedback_site.questionnaires.services.publishing.reviewing import estimate_time, find_warnings

BLANK = {"en": "", "zh-hans": ""}
ENDS = {"low_label": {"en": "Bad", "zh-hans": "差"}, "high_label": {"en": "Good", "zh-hans": "好"}}


def question(key="one", kind="rating", **more):
    text = {"en": "How was it?", "zh-hans": "怎么样？"}
    return QuestionContent(
        **{"key": key, "type": kind, "metric": "satisfaction", "text": text, **ENDS, **more}
    )


def document(*questions):
    return Document(
        slug="s", name=BLANK, title=BLANK, thanks=BLANK, questions=questions, languages=("zh-hans", "en")
    )


def test_a_sound_question_gives_no_warning():
    assert list(find_warnings(document(question()))) == []


@pytest.mark.parametrize(
    "text",
    [
        {"en": "Was the engineer friendly and punctual?", "zh-hans": "准时吗？"},
        {"en": "Did we solve it and were you told why?", "zh-hans": "解决了吗？"},
        {"en": "Satisfied?", "zh-hans": "您对服务态度和响应速度满意吗？"},
        {"en": "Satisfied?", "zh-hans": "服务人员是否热情、专业？"},
    ],
)
def test_two_questions_in_one_are_noticed(text):
    assert [
        key for key, sentence in find_warnings(document(question(text=text))) if "two questions" in sentence
    ] == ["one"]


@pytest.mark.parametrize(
    "text",
    [
        {
            "en": "Would you recommend us to a friend or colleague?",
            "zh-hans": "您愿意把我们推荐给亲友或同事吗？",
        },
        {"en": "How satisfied are you with this service?", "zh-hans": "您对本次服务的总体满意度如何？"},
        {"en": "What did we do well, and what could be better?", "zh-hans": "还有什么想说的？"},
    ],
)
def test_a_single_question_is_left_alone(text):
    assert list(find_warnings(document(question(text=text)))) == []


def test_scales_without_labels_many_questions_and_untranslated_texts_are_noticed():
    bare = question(low_label=BLANK, high_label=BLANK)
    copied = question("two", text={"en": "How was it?", "zh-hans": "How was it?"})
    many = [question(str(number)) for number in range(11)]

    assert ["no labels" in sentence for _key, sentence in find_warnings(document(bare))] == [True]
    assert ["same in both" in sentence for _key, sentence in find_warnings(document(copied))] == [True]
    assert [sentence.split(" ")[0] for _key, sentence in find_warnings(document(*many))] == ["11"]


def test_time_counts_rows_conditions_and_the_longest_set():
    matrix = question("m", "matrix", rows=(OptionContent("a", BLANK), OptionContent("b", BLANK)))
    sometimes = question(
        "t", "text", condition=ConditionContent(tests=(ConditionTest("answer", "one", "answered"),))
    )
    sets = [question("a", set="first"), question("b", set="second"), question("c", set="second")]

    estimate = estimate_time(document(question(), matrix, sometimes, *sets))

    assert (estimate.least, estimate.most) == (5 + 8 + 10, 5 + 8 + 10 + 20)


def test_blanks_are_no_change_of_wording_and_order_is_no_break():
    before = document(question(), question("two"))
    after = document(question("two"), question(text={"en": "How  was it? ", "zh-hans": "怎么样？"}))

    changes = compare_documents(before, after)

    assert (changes.breaks, changes.moved) == ([], ("two", "one"))


def test_options_and_points_are_the_scale():
    options = (OptionContent("a", {"en": "A", "zh-hans": "甲"}),)
    before = document(question(settings={"points": 5}), question("two", "choice", options=options))
    after = document(question(settings={"points": 7}), question("two", "choice", options=()))

    assert compare_documents(before, after).rescaled == ("one", "two")
