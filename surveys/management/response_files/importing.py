"""Rows into responses."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from feedback_site.common.clock import database_now
from feedback_site.common.listing import listed
from feedback_site.common.table_files import FileRow, ImportCounts, RowProblem, import_in_chunks
from surveys.management.response_files.mapping import ANSWERS, ResponseMapping
from surveys.management.response_files.rows import answer_of_row
from surveys.models import Survey
from surveys.services.responses.importing import ElsewhereAnswer, Recorded, Refused, record_elsewhere


def import_rows(
    *,
    rows: Iterable[FileRow],
    survey: Survey,
    mapping: ResponseMapping,
    list_row: Callable[[int, str], None],
    is_dry_run: bool,
) -> ImportCounts:
    """Take in the answer of every row; `list_row(line, reason)` is called for each that cannot be."""
    counts = ImportCounts()
    take_in = partial(
        _take_in, survey=survey, mapping=mapping, counts=counts, since=database_now(), list_row=list_row
    )
    import_in_chunks(rows=rows, counts=counts, take_in=take_in, list_row=list_row, is_dry_run=is_dry_run)
    return counts


def _take_in(
    chunk: list[FileRow],
    at: datetime,
    *,
    survey: Survey,
    mapping: ResponseMapping,
    counts: ImportCounts,
    since: datetime,
    list_row: Callable[[int, str], None],
) -> list[RowProblem]:
    problems: list[RowProblem] = []
    valid: list[tuple[int, ElsewhereAnswer]] = []
    for row in chunk:
        parsed = answer_of_row(row, mapping, at=at)
        if isinstance(parsed, str):
            problems.append(RowProblem(row.line, parsed))
        else:
            valid.append((row.line, parsed))
    results = record_elsewhere(survey=survey, answers=[answer for _line, answer in valid], at=at)
    for (line, _answer), result in zip(valid, results, strict=True):
        problem = _problem(result, since)
        if problem:
            problems.append(RowProblem(line, problem))
        elif isinstance(result, Recorded):
            counts.imported += result.is_new
            counts.repeated += not result.is_new
            if result.is_new and result.off_path:
                list_row(line, _off_path(result, mapping))
    return problems


def _off_path(result: Recorded, mapping: ResponseMapping) -> str:
    """Say which cells of a row that was taken in count nowhere, by their columns."""
    named = [mapping.columns.get(f"{ANSWERS}{key}", key) for key in result.off_path]
    sentence = _(
        "Imported. Kept but not counted, because other answers leave these questions out: %(questions)s"
    )
    return sentence % {"questions": listed(named)}


def _problem(result: Recorded | Refused, since: datetime) -> str:
    """Return why a row is listed; what this run took in itself is in the file twice."""
    if isinstance(result, Refused):
        return result.message
    if not result.is_new and result.recorded_at >= since:
        return _("This response is in the file twice.")
    return ""
