"""Conditions, answers and what holds: one list for Python and for the script of the page."""

import json
from pathlib import Path
from typing import Any

from feedback_site.questionnaires.document import ConditionContent, ConditionTest

VECTORS = json.loads((Path(__file__).parent / "condition_vectors.json").read_text(encoding="utf-8"))


def condition_of(told: dict[str, Any] | None) -> ConditionContent | None:
    """Return a condition of the script as the server has it."""
    if told is None:
        return None
    tests = (
        ConditionTest(one["of"], one["name"], one["operator"], compared=one.get("value"))
        for one in told["tests"]
    )
    return ConditionContent(told["join"], tuple(tests))
