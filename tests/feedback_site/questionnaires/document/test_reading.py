"""What is written is read as it was, and the format of files is what the types say."""

import json
from dataclasses import fields, replace

import pytest

from feedback_site.questionnaires.document import (
    ConditionContent,
    ConditionTest,
    Document,
    EndPageContent,
    OptionContent,
    QuestionContent,
    read_document,
    write_document,
)
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.services.exchange.schema import definition_schema

WORDS = {"en": "Words", "zh-hans": "文字"}
CONDITION = ConditionContent("any", (ConditionTest("answer", "first", "at_least", "3", compared=3),))
PARTS = (OptionContent("a", WORDS, exclusive=True), OptionContent("b", WORDS, asks_text=True, fulfils=False))
PUBLISHED = Document(
    slug="all-types",
    name=WORDS,
    title=WORDS,
    intro=WORDS,
    thanks=WORDS,
    privacy=WORDS,
    hotline="400-800-1234",
    layout="single",
    default_language="en",
    questions=tuple(
        QuestionContent(
            key=kind,
            type=kind,
            metric="none",
            indicator="service_attitude",
            required=True,
            page=2,
            set="a",
            settings={"kinds": ["photo"], "most": 2, "least": None},
            text=WORDS,
            help=WORDS,
            low_label=WORDS,
            high_label=WORDS,
            options=PARTS,
            rows=PARTS[:1],
            condition=CONDITION,
            feeds="rating",
        )
        for kind in QUESTION_CLASSES
    ),
    end_pages=(EndPageContent(key="end", text=WORDS, redirect="https://example.com/", condition=CONDITION),),
    languages=("zh-hans", "en"),
    number=3,
)


def unresolved(document):
    """The same before publishing."""
    test = ConditionTest("answer", "first", "at_least", "3")
    condition = replace(CONDITION, tests=(test,))
    return replace(
        document,
        questions=tuple(replace(one, condition=condition, feeds="") for one in document.questions),
        end_pages=tuple(replace(end, condition=condition) for end in document.end_pages),
        languages=(),
        number=0,
    )


@pytest.mark.parametrize("document", [PUBLISHED, unresolved(PUBLISHED)], ids=["published", "a file"])
def test_what_is_written_is_read_as_it_was(document):
    written = json.loads(json.dumps(write_document(document)))

    assert read_document(written) == document
    assert write_document(read_document(written)) == written


def test_a_version_is_its_file_and_what_publishing_resolved():
    version, file = write_document(PUBLISHED), write_document(unresolved(PUBLISHED))

    assert {**version, "questions": [], "end_pages": []} == {
        **file,
        "questions": [],
        "end_pages": [],
        "languages": ["zh-hans", "en"],
        "number": 3,
    }
    for resolved, plain in zip(version["questions"], file["questions"], strict=True):
        (test,) = plain["condition"]["tests"]
        assert resolved == {
            **plain,
            "feeds": "rating",
            "condition": {"join": "any", "tests": [{**test, "compared": 3}]},
        }


@pytest.mark.parametrize("compared", [False, 0, ""])
def test_nothing_that_was_resolved_is_left_out(compared):
    condition = ConditionContent(tests=(ConditionTest("event", "kind", "equals", "x", compared=compared),))
    document = replace(PUBLISHED, questions=(QuestionContent(key="q", type="text", condition=condition),))

    (question,) = read_document(write_document(document)).questions

    assert question.condition.tests[0].compared is compared


def test_what_a_file_may_leave_open_stays_open():
    document = replace(PUBLISHED, questions=(QuestionContent(key="q", type="rating"),))

    assert "metric" not in write_document(document)["questions"][0]
    assert read_document(write_document(document)) == document


def test_a_key_that_is_unknown_is_not_dropped_in_silence():
    with pytest.raises(TypeError, match="surprise"):
        read_document({**write_document(PUBLISHED), "surprise": 1})


def test_the_schema_of_files_says_what_the_types_say():
    schema = definition_schema()
    question = schema["properties"]["questions"]["items"]
    end = schema["properties"]["end_pages"]["items"]
    option = question["properties"]["options"]["items"]
    condition = question["properties"]["condition"]
    stated = {
        Document: {**schema["properties"]},
        QuestionContent: question["properties"],
        EndPageContent: end["properties"],
        OptionContent: option["properties"],
        ConditionContent: condition["properties"],
        ConditionTest: condition["properties"]["tests"]["items"]["properties"],
    }
    for name in ("format", "version"):
        del stated[Document][name]

    assert {kind.__name__: set(names) for kind, names in stated.items()} == {
        kind.__name__: {one.name for one in fields(kind) if not one.metadata.get("resolved")}
        for kind in stated
    }
    assert question["properties"]["rows"]["items"] == option
    assert end["properties"]["condition"] == condition
