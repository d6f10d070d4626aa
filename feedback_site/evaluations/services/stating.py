"""Figures from outside: stated by a system, a file or staff, and pooled up the tree.

Every revision is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import ApiKey, User
from feedback_site.common.exceptions import DomainError
from feedback_site.evaluations.enums import PeriodKind, StatedBy
from feedback_site.evaluations.models import Indicator, Measurement, MeasurementStatement
from feedback_site.evaluations.rules import Period, Subject, periods_of
from feedback_site.evaluations.selectors.indicators import indicators_by_hand
from feedback_site.evaluations.services.calculating import refresh_periods
from feedback_site.evaluations.services.measurements import Figure, check_figure, record_measurement, rounded
from feedback_site.evaluations.services.pooling import is_own, pool_quarters, pool_teams

_SETTLED = ("value", "n", "low", "high", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What another system or person measured of a subject in a period.

    Its natural key is indicator, subject, period kind and period start.
    """

    indicator: Indicator
    subject: Subject
    period_kind: str
    period_start: date
    value: Decimal | None
    n: int
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def figure(self) -> Figure:
        """The figure that it states."""
        start = (self.period_kind, self.period_start, self.value, self.n)
        return Figure(self.indicator, self.subject, *start, self.indicator.source, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement on record: new, repeated, or a revision of another figure.

    A repeated one has neither `is_new` nor `is_revised`.
    """

    measurement: Measurement
    revision: int
    is_new: bool = False
    is_revised: bool = False


@dataclass(frozen=True, slots=True)
class Teller:
    """Who states figures: a member of staff, by hand or by file, or a system with its key."""

    way: StatedBy
    user: User | None = None
    api_key: ApiKey | None = None


@transaction.atomic
def state_measurements(
    *, statements: Sequence[Statement], by: Teller, at: datetime
) -> list[Stated | DomainError]:
    """State figures and return one result each, in their order.

    A figure that cannot be true is refused by its result, and changes nothing.

    The same figure again changes nothing; another one is kept
    as a revision. Then parents, quarters and records follow.
    """
    _lock(statements)
    by_hand = set(indicators_by_hand().values_list("pk", flat=True))
    results: list[Stated | DomainError] = []
    for statement in statements:
        try:
            check_statement(statement, by_hand=by_hand)
        except DomainError as error:
            results.append(error)
        else:
            results.append(_state(statement, by, at))
    changed = [statement for statement, result in zip(statements, results, strict=True) if _is_change(result)]
    _follow(changed, at)
    return results


def check_statement(statement: Statement, *, by_hand: set[int]) -> None:
    """Refuse what the site measures itself, and figures that contradict themselves, by a DomainError."""
    if statement.indicator.pk not in by_hand:
        raise DomainError(
            _("This indicator is calculated by the site itself."), {"indicator": statement.indicator.slug}
        )
    if statement.value is not None and not statement.n:
        raise DomainError(
            _("State the sample size of the value: without it the value can be neither shown nor pooled."),
            {"field": "n"},
        )
    check_figure(statement.figure)


def _lock(statements: Sequence[Statement]) -> None:
    """Let two writers of the same indicators take turns.

    Otherwise one would pool what the other is about to change.
    """
    indicators = sorted({statement.indicator.pk for statement in statements})
    list(
        Indicator.objects.select_for_update(no_key=True)
        .filter(pk__in=indicators)
        .order_by("pk")
        .values_list("pk")
    )


def _state(statement: Statement, by: Teller, at: datetime) -> Stated:
    figure = statement.figure
    known = Measurement.objects.filter(
        indicator=statement.indicator,
        period_kind=statement.period_kind,
        period_start=statement.period_start,
        **statement.subject._asdict(),
    ).first()
    last = 0 if known is None else _last_revision(known)
    new = (rounded(figure.value), figure.n, rounded(figure.low), rounded(figure.high), figure.source)
    if known is not None and is_own(known) and tuple(getattr(known, name) for name in _SETTLED) == new:
        return Stated(known, last)
    if known is not None and is_own(known) and not last:
        # What was there before revisions were kept stays on record as the first one.
        last = _keep(known, 1, Teller(StatedBy.EARLIER), known.measured_at)
    measurement = record_measurement(
        indicator=statement.indicator,
        subject=statement.subject,
        period_kind=statement.period_kind,
        period_start=statement.period_start,
        value=figure.value,
        n=figure.n,
        low=figure.low,
        high=figure.high,
        source=figure.source,
        at=at,
    )
    is_revised = known is not None and is_own(known)
    return Stated(
        measurement, _keep(measurement, last + 1, by, at), is_new=not is_revised, is_revised=is_revised
    )


def _last_revision(measurement: Measurement) -> int:
    newest = measurement.statements.order_by("-revision").values_list("revision", flat=True).first()
    return newest or 0


def _keep(measurement: Measurement, revision: int, by: Teller, at: datetime) -> int:
    figures = {name: getattr(measurement, name) for name in _SETTLED}
    MeasurementStatement.objects.create(
        measurement=measurement,
        revision=revision,
        way=by.way,
        stated_by=by.user,
        api_key=by.api_key,
        stated_at=at,
        **figures,
    )
    return revision


def _is_change(result: Stated | DomainError) -> bool:
    return isinstance(result, Stated) and (result.is_new or result.is_revised)


def _follow(changed: Sequence[Statement], at: datetime) -> None:
    """Pool teams up the tree, then months into quarters, then calculate the records of what changed."""
    subjects: dict[Period, set[Subject]] = {}
    by_key: dict[tuple[Indicator, Period], set[Subject]] = {}
    for statement in changed:
        by_key.setdefault((statement.indicator, statement.figure.period), set()).add(statement.subject)
    for (indicator, period), stated in by_key.items():
        moved = stated | pool_teams(indicator=indicator, period=period, at=at)
        subjects.setdefault(period, set()).update(moved)
        if period.kind == PeriodKind.MONTH:
            pool_quarters(subjects=moved, day=period.start, at=at)
            subjects.setdefault(periods_of(period.start)[1], set()).update(moved)
    refresh_periods(subjects=subjects, at=at)
