"""Rows of one case taken together.

Files of service systems give each appliance of a visit a row of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from feedback_site.service_events.services.importing.parsing import ParsedRow
from feedback_site.service_events.services.submissions import EventSubmission

_SEPARATOR = "; "
# Where the product lines of a case stand when it has several: the event's own column holds the first.
PRODUCT_LINES = "product_lines"


@dataclass(frozen=True, slots=True)
class Case:
    """What a file says of one case, and the lines that say it."""

    lines: tuple[int, ...]
    parsed: ParsedRow


def cases_of(rows: Iterable[tuple[int, ParsedRow]]) -> list[Case]:
    """Return the rows as cases.

    Rows of one number that follow each other and differ only in what belongs to an appliance become one.
    """
    cases: list[Case] = []
    for line, parsed in rows:
        if (
            cases
            and cases[-1].parsed.later == parsed.later
            and _is_same_visit(cases[-1].parsed.submission, parsed.submission)
        ):
            cases[-1] = Case((*cases[-1].lines, line), _together(cases[-1].parsed, parsed))
        else:
            cases.append(Case((line,), parsed))
    return cases


def _is_same_visit(first: EventSubmission, other: EventSubmission) -> bool:
    own: dict[str, Any] = {"product_line": "", "attributes": {}, "left_out": ()}
    return replace(first, **own) == replace(other, **own)


def _together(first: ParsedRow, other: ParsedRow) -> ParsedRow:
    attributes = dict(first.submission.attributes)
    for name, value in other.submission.attributes.items():
        attributes[name] = _joined([attributes.get(name), value])
    lines = [attributes.get(PRODUCT_LINES) or first.submission.product_line, other.submission.product_line]
    if _joined(lines) != first.submission.product_line:
        attributes[PRODUCT_LINES] = _joined(lines)
    product_line = first.submission.product_line or other.submission.product_line
    submission = replace(first.submission, product_line=product_line, attributes=attributes)
    return replace(first, submission=submission, warnings=(*first.warnings, *other.warnings))


def _joined(values: Sequence[Any]) -> str:
    parts = (part for value in values if value for part in str(value).split(_SEPARATOR))
    return _SEPARATOR.join(dict.fromkeys(parts))
