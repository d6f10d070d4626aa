from types import SimpleNamespace

import pytest

from feedback_site.questionnaires.document import ConditionContent, ConditionTest
from feedback_site.questionnaires.rules.conditions import is_met, keys_on_path
from tests.factories.questionnaires.condition_vectors import VECTORS, condition_of


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["says"] for vector in VECTORS])
def test_a_condition_means_what_the_vectors_say(vector):
    condition = condition_of(vector["condition"])

    assert is_met(condition, answers=vector["answers"], facts=vector["facts"]) is vector["holds"]


def asked(key, subject="", operator="equals", value="yes"):
    test = ConditionTest("answer", subject, operator, compared=value)
    return SimpleNamespace(key=key, condition=ConditionContent(tests=(test,)) if subject else None)


def test_an_answer_off_the_path_counts_as_not_given():
    questions = [asked("a"), asked("b", "a"), asked("c", "b"), asked("d", "b", "unanswered")]

    assert keys_on_path(questions, answers={"a": "yes", "b": "yes"}, facts={}) == ["a", "b", "c"]
    assert keys_on_path(questions, answers={"a": "no", "b": "yes"}, facts={}) == ["a", "d"]
