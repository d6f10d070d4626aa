"""One sheet of figures from outside: indicators by subjects of a period.

It is read from typed cells or from a file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import BinaryIO

from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.exceptions import DomainError
from feedback_site.common.listing import listed
from feedback_site.common.table_files import UPLOAD, FileRow, open_table
from feedback_site.evaluations.enums import PeriodKind, StatedBy, SubjectKind
from feedback_site.evaluations.models import Indicator, Measurement, condition_of
from feedback_site.evaluations.rules import PERIOD_CODES, Period, Subject, period_of_code
from feedback_site.evaluations.selectors.indicators import indicators_by_hand
from feedback_site.evaluations.selectors.subjects import (
    KnownSubjects,
    NamedSubject,
    SheetRow,
    known_subjects,
    subject_named,
)
from feedback_site.evaluations.services.pooling import is_own
from feedback_site.evaluations.services.stating import Stated, Statement, Teller, state_measurements

COLUMNS = ("indicator", "value", "n")
# One of each pair has to be there too.
EITHER_COLUMN = (("team", "subject_kind"), ("month", "period"))
_MORE_COLUMNS = ("team", "month", "period", "subject_kind", "subject", "subject_source")
MOST_ROWS = 5_000
_MONTH = 7


@dataclass(slots=True)
class Cell:
    """One field of the sheet: what is on record of the subject itself, or pooled.

    It also says what is wrong with what was typed.
    """

    indicator: Indicator
    row: SheetRow
    value: str = ""
    n: str = ""
    pooled: Measurement | None = None
    stated_by: str = ""
    error: str = ""

    @property
    def key(self) -> str:
        """What the cell's fields are called: indicator and subject."""
        kind, *ids = self.row.subject
        subject = "-".join(str(part) for part in (kind, *ids) if part is not None)
        return f"{self.indicator.pk}-{subject}"


@dataclass(frozen=True, slots=True)
class Taken:
    """How many figures were new, revised or on record already, and what was refused.

    A refusal names its cell and says why in a sentence.
    """

    changed: int
    repeated: int
    refused: list[tuple[str, str]]


def cells_of(*, rows: Sequence[SheetRow], period: Period) -> list[list[Cell]]:
    """Return one row of cells per subject, in the order of the indicators."""
    indicators = list(indicators_by_hand().order_by("dimension__position", "pk"))
    subjects = {row.subject for row in rows}
    measured = Measurement.objects.filter(
        condition_of(subjects),
        indicator__in=indicators,
        period_kind=period.kind,
        period_start=period.start,
    )
    known = {
        (each.indicator_id, each.subject): each
        for each in measured.prefetch_related("statements__stated_by", "statements__api_key")
    }
    return [
        [_cell(indicator, row, known.get((indicator.pk, row.subject))) for indicator in indicators]
        for row in rows
    ]


def _cell(indicator: Indicator, of: SheetRow, row: Measurement | None) -> Cell:
    if row is None or not is_own(row):
        return Cell(indicator, of, pooled=row)
    last = max(row.statements.all(), key=lambda each: each.revision, default=None)
    who = last and (
        last.stated_by.get_username() if last.stated_by else last.api_key.name if last.api_key else ""
    )
    return Cell(indicator, of, _plain(row.value), str(row.n), stated_by=who or "")


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def save_sheet(
    *, cells: Sequence[Sequence[Cell]], period: Period, typed: Mapping[str, str], by: User, at: datetime
) -> Taken:
    """State what was typed into the sheet.

    A wrong cell keeps what was typed and says what is wrong; the others are saved.
    """
    changed: list[Cell] = []
    statements: list[Statement] = []
    for cell in (cell for row in cells for cell in row):
        value, n = (typed.get(f"{name}-{cell.key}", "").strip() for name in ("v", "n"))
        if (value, n) == (cell.value, cell.n):
            continue
        cell.value, cell.n = value, n
        try:
            statements.append(_statement(cell.indicator, cell.row.subject, period, value, n))
            changed.append(cell)
        except DomainError as error:
            cell.error = str(error.message)
    results = state_measurements(statements=statements, by=Teller(StatedBy.STAFF, user=by), at=at)
    for cell, result in zip(changed, results, strict=True):
        if isinstance(result, DomainError):
            cell.error = str(result.message)
    refused = [
        (f"{cell.row.name}, {cell.indicator.name}", cell.error) for row in cells for cell in row if cell.error
    ]
    return _taken(results, refused)


def import_measurements(*, stream: BinaryIO, name: str, by: User, at: datetime) -> Taken:
    """State the figures of a CSV or XLSX file with `COLUMNS`, a subject and a period.

    Every row is taken, or listed by its line.

    Raises DomainError where the file cannot be read at all.
    """
    rows = _rows_of(stream, name)
    codes = {row.cells.get("subject", "").strip() for row in rows}
    known = known_subjects(principal=by, agent_codes=codes)
    by_slug = {indicator.slug: indicator for indicator in Indicator.objects.all()}
    refused: list[tuple[str, str]] = []
    lines: list[int] = []
    statements: list[Statement] = []
    for row in rows:
        try:
            statements.append(_of_row(row, known, by_slug))
            lines.append(row.line)
        except DomainError as error:
            refused.append((str(row.line), str(error.message)))
    results = state_measurements(statements=statements, by=Teller(StatedBy.FILE, user=by), at=at)
    refused += [
        (str(line), str(result.message))
        for line, result in zip(lines, results, strict=True)
        if isinstance(result, DomainError)
    ]
    return _taken(results, sorted(refused, key=lambda each: int(each[0])))


def _rows_of(stream: BinaryIO, name: str) -> list[FileRow]:
    """Return the rows of the file. Raises DomainError where it lacks a column or has too many rows."""
    with open_table(stream, name=name, limits=UPLOAD) as table:
        missing = [column for column in COLUMNS if column not in table.headings]
        missing += [pair[0] for pair in EITHER_COLUMN if not set(pair) & set(table.headings)]
        if missing:
            raise DomainError(_("The file lacks these columns: %(names)s") % {"names": listed(missing)})
        rows = list(islice(table.rows, MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise DomainError(_("The file has more than %(most)d rows.") % {"most": MOST_ROWS})
    return rows


def _of_row(row: FileRow, known: KnownSubjects, indicators: Mapping[str, Indicator]) -> Statement:
    if row.problem:
        raise DomainError(row.problem)
    said = {column: row.cells.get(column, "").strip() for column in (*COLUMNS, *_MORE_COLUMNS)}
    indicator = indicators.get(said["indicator"])
    if indicator is None:
        raise DomainError(_("There is no indicator “%(slug)s”.") % {"slug": said["indicator"]})
    subject = subject_named(_named(said), known)
    return _statement(indicator, subject, _period_of(said), said["value"], said["n"])


def _named(said: Mapping[str, str]) -> NamedSubject:
    """Return the subject of a row. Raises DomainError where its kind is none."""
    kind, code, team = said["subject_kind"] or SubjectKind.TEAM.value, said["subject"], said["team"]
    if kind not in SubjectKind.values:
        raise DomainError(subjects_are_one_of())
    if kind == SubjectKind.TEAM and not code:
        code, team = team, ""
    return NamedSubject(kind, code, team, said["subject_source"])


def subjects_are_one_of() -> str:
    """Return the sentence that names the kinds of subjects."""
    return _("The subject is one of: %(kinds)s") % {"kinds": listed(sorted(SubjectKind.values))}


def _period_of(said: Mapping[str, str]) -> Period:
    if said["month"] and said["period"]:
        raise DomainError(_("State either the month or the period."))
    if said["period"]:
        return period_from(said["period"])
    return Period(PeriodKind.MONTH.value, month_of(said["month"]))


def period_from(text: str) -> Period:
    """Return the period that is written so. Raises DomainError."""
    period = period_of_code(text)
    if period is None:
        raise DomainError(PERIOD_CODES)
    return period


def month_of(text: str) -> date:
    """Return the first day of a month written as 2026-11. Raises DomainError."""
    try:
        return date.fromisoformat(f"{text}-01" if len(text) == _MONTH else "")
    except ValueError:
        raise DomainError(_("Write the month like 2026-11.")) from None


def _statement(indicator: Indicator, subject: Subject, period: Period, value: str, n: str) -> Statement:
    try:
        number = Decimal(value.replace(",", ".")) if value else None
        count = int(n) if n else 0
    except (InvalidOperation, ValueError):
        raise DomainError(_("Value and sample size are numbers.")) from None
    if (number is not None and not number.is_finite()) or not 0 <= count <= _MOST_CASES:
        raise DomainError(_("Value and sample size are numbers."))
    return Statement(
        indicator=indicator,
        subject=subject,
        period_kind=period.kind,
        period_start=period.start,
        value=number,
        n=count,
    )


_MOST_CASES = 2_000_000_000


def _taken(results: Sequence[Stated | DomainError], refused: list[tuple[str, str]]) -> Taken:
    stated = [result for result in results if isinstance(result, Stated)]
    changed = sum(result.is_new or result.is_revised for result in stated)
    return Taken(changed, len(stated) - changed, refused)
