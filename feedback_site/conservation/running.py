"""Runs checks and collects the rows at fault."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from feedback_site.conservation.check import Check
from feedback_site.conservation.checks import CHECKS
from feedback_site.conservation.recent import Touched, narrow

FAULTS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Fault:
    """One row at fault: its key and what is wrong with it (ids and figures, never personal data)."""

    key: str
    detail: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found: how many rows are at fault, and the first of them."""

    check: Check
    fault_count: int
    faults: tuple[Fault, ...]

    @property
    def is_ok(self) -> bool:
        """True when nothing is at fault."""
        return self.fault_count == 0


@contextmanager
def one_snapshot() -> Iterator[None]:
    """See one moment of a site that goes on working, else half-committed pairs would look like faults.

    Inside a transaction (a test's) nothing changes: that one already decides what is seen.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def run_checks(checks: Sequence[Check] = CHECKS, *, touched: Touched | None = None) -> list[CheckResult]:
    """Run every check, over `touched` only where that is given.

    Returns their results in the same order.
    """
    return [_run(check, touched) for check in checks]


def _run(check: Check, touched: Touched | None) -> CheckResult:
    if check.rows is not None:
        found = [
            Fault(key=key, detail=detail) for key, detail in check.rows(touched.since if touched else None)
        ]
        return CheckResult(check=check, fault_count=len(found), faults=tuple(found[:FAULTS_SHOWN]))
    # The checks are constant text; only the number of rows to show is added.
    selected = (
        f"SELECT key::text, detail, count(*) OVER () FROM ({_sql(check, touched)}) fault ORDER BY 1 LIMIT "  # noqa: S608
        f"{FAULTS_SHOWN}"
    )
    with connection.cursor() as cursor:
        cursor.execute(selected, touched.parameters if touched else None)
        rows = cursor.fetchall()
    faults = tuple(Fault(key=key, detail=detail) for key, detail, _total in rows)
    return CheckResult(check=check, fault_count=rows[0][2] if rows else 0, faults=faults)


def _sql(check: Check, touched: Touched | None) -> str:
    if touched is None:
        return check.sql
    return check.recent_sql or narrow(check.sql, check.scope)
