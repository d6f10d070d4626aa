import json

from tests.chaos.report import Fault, Finding, Story, Verdict, table


def test_a_fault_that_did_not_happen_and_too_few_answers_make_a_story_red():
    story = Story(acknowledged=9, least=10, proofs=[("20 kills", True), ("broker absent", False)])

    assert [finding.fault for finding in story.judge()] == [Fault.UNPROVED, Fault.TOO_FEW]
    assert Story(acknowledged=10, least=10, proofs=[("20 kills", True)]).judge() == []


def test_the_table_says_what_was_lost_and_doubled():
    red = Verdict(
        "one-link", findings=[Finding(Fault.LOST, "a"), Finding(Fault.LOST, "b"), Finding(Fault.ERROR, "c")]
    )
    green = Verdict("web-killed", "20 kills", 700, 600, [0.1, 0.3, 0.2], 61.0)

    _head, first, second = table([red, Verdict.from_json(json.loads(json.dumps(green.as_json())))])

    assert first.split() == ["one-link", "0", "/", "0", "2", "0", "-", "0", "RED", "(1", "other)"]
    assert second.split() == [
        "web-killed",
        "20",
        "kills",
        "700",
        "/",
        "600",
        "0",
        "0",
        "0.20",
        "/",
        "0.30",
        "s",
        "61",
        "ok",
    ]
