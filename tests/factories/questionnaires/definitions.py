"""Random questionnaires in the format of definitions, and random answers to them.

For tests that any of them must pass.
"""

from typing import Any

from hypothesis import strategies as st

from feedback_site.questionnaires.document import FORMAT, VERSION, write_document
from feedback_site.questionnaires.enums import ConditionJoin, ConditionOperator, EventFact, Layout
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.services.drafts import read_draft

LANGUAGES = ("en", "zh-hans")
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
_WITHOUT_BRACES = "abzÄß 您好？<&>\"'%\n\u202e\u200f😀１"
_PRINTABLE = st.sampled_from(_WITHOUT_BRACES + "{}")
_KEYS = st.text("abcXYZ019-_", min_size=1, max_size=6)
_METRICS = {"nps": "nps", "ces": "ces", "csat": "satisfaction"}
_DAYS = st.dates().map(lambda day: day.isoformat())
_WORDS = [
    "",
    " ",
    "0",
    "1",
    "3",
    "5",
    "10",
    "-1",
    "2.5",
    "１０",
    "yes",
    "no",
    "2026-05-03",
    "2026/5/3",
    "9" * 400,
    "13800001234",
    "a@example.com",
    "morning",
    "<b>",
    "\x00",
    "٣",
    "²",
]
_PARTS = ["other", "name", "phone", "email", "slot", "file", "strokes", "problem"]
_NUMBERS = st.one_of(
    st.integers(-100, 100), st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 3))
)
# What fits, most of the time: a draft may hold what only publishing refuses.
SETTINGS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "rating": st.fixed_dictionaries(
        {}, optional={"points": st.integers(2, 10), "style": st.sampled_from(["stars", "numbers", "smileys"])}
    ),
    "csat": st.fixed_dictionaries({}, optional={"points": st.sampled_from([5, 7])}),
    "matrix": st.fixed_dictionaries({}, optional={"points": st.integers(3, 11)}),
    "multiple": st.fixed_dictionaries({}, optional={"least": st.integers(0, 2), "most": st.integers(0, 3)}),
    "number": st.fixed_dictionaries(
        {}, optional={"least": _NUMBERS | st.none(), "most": _NUMBERS, "places": st.integers(0, 5)}
    ),
    "consent": st.fixed_dictionaries({}, optional={"purpose": st.sampled_from(["", "survey", "anything"])}),
    "contact": st.fixed_dictionaries(
        {}, optional={"parts": st.lists(st.sampled_from(["name", "phone", "email"]), max_size=3, unique=True)}
    ),
    "date": st.fixed_dictionaries({}, optional={"earliest": _DAYS, "latest": _DAYS | st.just("soon")}),
    "file": st.fixed_dictionaries(
        {},
        optional={
            "kinds": st.lists(st.sampled_from(["photo", "document"]), max_size=2, unique=True),
            "most": st.integers(0, 4),
            "megabytes": st.integers(1, 5),
        },
    ),
    "short_text": st.fixed_dictionaries({}, optional={"length": st.integers(0, 200)}),
    "text": st.fixed_dictionaries({}, optional={"length": st.integers(1, 2000)}),
}


def texts(least: int = 0, most: int = 30) -> st.SearchStrategy[dict[str, str]]:
    """Texts in both languages as they are stored, most without braces: few name what can be filled in."""
    plain = st.text(st.sampled_from(_WITHOUT_BRACES), min_size=least, max_size=most)
    any_text = st.text(_PRINTABLE, min_size=least, max_size=most) | st.text(
        _CHARACTERS, min_size=least, max_size=most
    )
    words = st.integers(0, 9).flatmap(lambda dice: plain if dice else any_text)
    stored = words.map(lambda text: text.strip() or "x"[:least])
    return st.fixed_dictionaries(dict.fromkeys(LANGUAGES, stored))


def conditions(keys: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Conditions over questions of these keys, and over facts of the event."""
    values = st.sampled_from(["1", "3", "5", "0.5", "a", "yes", "2026-05-03", ""]) | st.text(
        _PRINTABLE, max_size=5
    )
    operators = st.sampled_from(ConditionOperator.values)
    about = [st.tuples(st.just("event"), st.sampled_from(EventFact.values))]
    about += [st.tuples(st.just("answer"), st.sampled_from(keys))] if keys else []
    tests = st.tuples(st.one_of(about), operators, values).map(
        lambda parts: {"of": parts[0][0], "name": parts[0][1], "operator": parts[1], "value": parts[2]}
    )
    return st.fixed_dictionaries(
        {"join": st.sampled_from(ConditionJoin.values), "tests": st.lists(tests, max_size=2)}
    )


def options(most: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Options or rows with keys of their own."""
    marks = {"exclusive": st.booleans(), "asks_text": st.booleans(), "fulfils": st.none() | st.booleans()}
    option = st.fixed_dictionaries({"key": _KEYS, "text": texts(1), **marks})
    return st.lists(option, max_size=most, unique_by=lambda entry: entry["key"])


@st.composite
def questions(draw: st.DrawFn, key: str, earlier: list[str], counted: set[str]) -> dict[str, Any]:
    """A question that may depend on those before it; `counted` are the metrics that others fill already."""
    kind = draw(st.sampled_from(list(QUESTION_CLASSES)))
    metric = _METRICS.get(kind, "none")
    metric = "none" if metric in counted or draw(st.booleans()) else metric
    counted.add(metric)
    return {
        "key": key,
        "type": kind,
        "metric": metric,
        "indicator": draw(
            st.sampled_from(
                ["", "", "customer_satisfaction" if metric == "satisfaction" else "resolution_rate"]
            )
        ),
        "required": draw(st.booleans()),
        "page": draw(st.integers(1, 3)),
        "set": draw(st.sampled_from(["", "", "a", "b"])),
        "settings": draw(SETTINGS.get(kind, st.just({}))),
        "text": draw(texts(1)),
        **{
            name: draw(texts() | st.just(dict.fromkeys(LANGUAGES, "")))
            for name in ("help", "low_label", "high_label")
        },
        "options": draw(options(4 if kind in {"choice", "multiple"} else 1)),
        "rows": draw(options(3 if kind == "matrix" else 1)),
        "condition": draw(conditions(earlier)),
    }


@st.composite
def definitions(draw: st.DrawFn, most_questions: int = 5) -> dict[str, Any]:
    """A definition that may be imported; many, not all, may be published."""
    keys = draw(st.lists(_KEYS, max_size=most_questions, unique=True))
    counted: set[str] = set()
    asked = [draw(questions(key, keys[:place], counted)) for place, key in enumerate(keys)]
    ends = draw(st.lists(_KEYS, max_size=2, unique=True))
    return {
        "format": FORMAT,
        "version": VERSION,
        "slug": draw(_KEYS),
        **{name: draw(texts(1)) for name in ("name", "title", "intro", "thanks", "privacy")},
        "hotline": draw(st.sampled_from(["", "400-800-1234"])),
        "layout": draw(st.sampled_from(Layout.values)),
        "default_language": draw(st.sampled_from(LANGUAGES)),
        "questions": asked,
        "end_pages": [
            {
                "key": key,
                "text": draw(texts(1)),
                "redirect": draw(st.sampled_from(["", "https://example.com/a?b=1"])),
                "condition": draw(conditions(keys)),
            }
            for key in ends
        ],
    }


def definition_of(draft: Questionnaire) -> dict[str, Any]:
    """What a file of a draft says."""
    return write_document(read_draft(draft))


def answers(document: dict[str, Any]) -> st.SearchStrategy[dict[str, list[str]]]:
    """Form fields such as anybody may send to a published `document`.

    What fits, what does not, and what was never asked.
    """
    names = ["", "unknown"]
    words = [
        "",
        " ",
        "0",
        "1",
        "3",
        "5",
        "10",
        "-1",
        "2.5",
        "１０",
        "yes",
        "no",
        "2026-05-03",
        "2026/5/3",
        "9" * 400,
        "<b>",
        "\x00",
        "٣",
        "²",
        "a" * 32,
        "1.1-99.99",
    ]
    for question in document["questions"]:
        parts = [entry["key"] for entry in (*question["options"], *question["rows"])]
        names += [
            question["key"],
            *(f"{question['key']}.{part}" for part in _PARTS),
            *(f"{question['key']}.{part}" for part in parts),
        ]
        words += parts
    values = st.sampled_from(words) | st.text(st.characters(), max_size=10)
    return st.dictionaries(st.sampled_from(names), st.lists(values, max_size=3), max_size=len(names))
