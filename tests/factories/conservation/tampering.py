"""Rows changed behind the site's back, and what `verify` says of them."""

from datetime import timedelta

from django.db import connection

from feedback_site.common.clock import database_now
from feedback_site.conservation.recent import read_touched
from feedback_site.conservation.running import CheckResult, run_checks


def tamper(*statements: str) -> None:
    """Change rows behind every trigger's back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def red_checks() -> dict[str, list[str]]:
    """What a complete run finds.

    All rows of a test are new, so the run over what was touched lately must find it too.
    """
    found = _red(run_checks())
    recent = _red(run_checks(touched=read_touched(since=database_now() - timedelta(minutes=10))))
    # Measurements are compared with the tallies there, so that a wrong tally shows twice.
    if {"tallies_equal_responses", "indicator_tallies_equal_responses"} & set(found):
        recent.pop("measurements_equal_responses", None)
    assert recent == found
    return found


def _red(results: list[CheckResult]) -> dict[str, list[str]]:
    return {
        result.check.slug: [fault.key for fault in result.faults] for result in results if not result.is_ok
    }
