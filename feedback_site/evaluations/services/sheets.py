"""One sheet of figures from outside: indicators by teams of a period.

It is read from typed cells or from a file.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import BinaryIO

from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team, User
from feedback_site.common.exceptions import DomainError
from feedback_site.common.listing import listed
from feedback_site.common.table_files import UPLOAD, open_table
from feedback_site.evaluations.enums import PeriodKind, StatedBy
from feedback_site.evaluations.models import Indicator, Measurement
from feedback_site.evaluations.rules import Subject
from feedback_site.evaluations.selectors.indicators import indicators_by_hand
from feedback_site.evaluations.services.pooling import is_own
from feedback_site.evaluations.services.stating import Stated, Statement, Teller, state_measurements

COLUMNS = ("indicator", "team", "month", "value", "n")
MOST_ROWS = 5_000
_MONTH = 7


@dataclass(slots=True)
class Cell:
    """One field of the sheet: what is on record of the team itself, or pooled.

    It also says what is wrong with what was typed.
    """

    indicator: Indicator
    team: Team
    value: str = ""
    n: str = ""
    pooled: Measurement | None = None
    stated_by: str = ""
    error: str = ""

    @property
    def key(self) -> str:
        """What the cell's fields are called: indicator and team."""
        return f"{self.indicator.pk}-{self.team.pk}"


@dataclass(frozen=True, slots=True)
class Taken:
    """How many figures were new, revised or on record already, and what was refused.

    A refusal names its cell and says why in a sentence.
    """

    changed: int
    repeated: int
    refused: list[tuple[str, str]]


def cells_of(*, teams: Sequence[Team], month: date) -> list[list[Cell]]:
    """Return one row of cells per team, in the order of the indicators."""
    indicators = list(indicators_by_hand().order_by("dimension__position", "pk"))
    rows = Measurement.objects.of_teams().filter(
        indicator__in=indicators, team__in=teams, period_kind=PeriodKind.MONTH, period_start=month
    )
    known = {
        (row.indicator_id, row.team_id): row
        for row in rows.prefetch_related("statements__stated_by", "statements__api_key")
    }
    return [
        [_cell(indicator, team, known.get((indicator.pk, team.pk))) for indicator in indicators]
        for team in teams
    ]


def _cell(indicator: Indicator, team: Team, row: Measurement | None) -> Cell:
    if row is None or not is_own(row):
        return Cell(indicator, team, pooled=row)
    last = max(row.statements.all(), key=lambda each: each.revision, default=None)
    who = last and (
        last.stated_by.get_username() if last.stated_by else last.api_key.name if last.api_key else ""
    )
    return Cell(indicator, team, _plain(row.value), str(row.n), stated_by=who or "")


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def save_sheet(
    *, cells: Sequence[Sequence[Cell]], month: date, typed: Mapping[str, str], by: User, at: datetime
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
            statements.append(_statement(cell.indicator, cell.team, month, value, n))
            changed.append(cell)
        except DomainError as error:
            cell.error = str(error.message)
    results = state_measurements(statements=statements, by=Teller(StatedBy.STAFF, user=by), at=at)
    for cell, result in zip(changed, results, strict=True):
        if isinstance(result, DomainError):
            cell.error = str(result.message)
    refused = [
        (f"{cell.team.code}, {cell.indicator.name}", cell.error)
        for row in cells
        for cell in row
        if cell.error
    ]
    return _taken(results, refused)


def import_measurements(
    *, stream: BinaryIO, name: str, teams: Sequence[Team], by: User, at: datetime
) -> Taken:
    """State the figures of a CSV or XLSX file with the columns `COLUMNS`.

    Every row is taken, or listed by its line.

    Raises DomainError where the file cannot be read at all.
    """
    by_code = {team.code: team for team in teams}
    by_slug = {indicator.slug: indicator for indicator in Indicator.objects.all()}
    refused: list[tuple[str, str]] = []
    lines: list[int] = []
    statements: list[Statement] = []
    with open_table(stream, name=name, limits=UPLOAD) as table:
        missing = [column for column in COLUMNS if column not in table.headings]
        if missing:
            raise DomainError(_("The file lacks these columns: %(names)s") % {"names": listed(missing)})
        for row in table.rows:
            if len(lines) + len(refused) >= MOST_ROWS:
                raise DomainError(_("The file has more than %(most)d rows.") % {"most": MOST_ROWS})
            try:
                statements.append(_of_row(row.cells, row.problem, by_code, by_slug))
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


def _of_row(
    cells: Mapping[str, str], problem: str, teams: Mapping[str, Team], indicators: Mapping[str, Indicator]
) -> Statement:
    if problem:
        raise DomainError(problem)
    said = {column: cells.get(column, "").strip() for column in COLUMNS}
    team, indicator = teams.get(said["team"]), indicators.get(said["indicator"])
    if team is None:
        raise DomainError(_("There is no team “%(code)s” in the data you may see.") % {"code": said["team"]})
    if indicator is None:
        raise DomainError(_("There is no indicator “%(slug)s”.") % {"slug": said["indicator"]})
    return _statement(indicator, team, month_of(said["month"]), said["value"], said["n"])


def month_of(text: str) -> date:
    """Return the first day of a month written as 2026-11. Raises DomainError."""
    try:
        return date.fromisoformat(f"{text}-01" if len(text) == _MONTH else "")
    except ValueError:
        raise DomainError(_("Write the month like 2026-11.")) from None


def _statement(indicator: Indicator, team: Team, month: date, value: str, n: str) -> Statement:
    try:
        number = Decimal(value.replace(",", ".")) if value else None
        count = int(n) if n else 0
    except (InvalidOperation, ValueError):
        raise DomainError(_("Value and sample size are numbers.")) from None
    if (number is not None and not number.is_finite()) or not 0 <= count <= _MOST_CASES:
        raise DomainError(_("Value and sample size are numbers."))
    return Statement(
        indicator=indicator,
        subject=Subject.team(team.pk),
        period_kind=PeriodKind.MONTH,
        period_start=month,
        value=number,
        n=count,
    )


_MOST_CASES = 2_000_000_000


def _taken(results: Sequence[Stated | DomainError], refused: list[tuple[str, str]]) -> Taken:
    stated = [result for result in results if isinstance(result, Stated)]
    changed = sum(result.is_new or result.is_revised for result in stated)
    return Taken(changed, len(stated) - changed, refused)
