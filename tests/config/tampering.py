"""Rows changed behind the site's back, and what `verify` says of them."""

from django.db import connection

from config.conservation import run_checks


def tamper(*statements: str) -> None:
    """Change rows behind every trigger's back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def red_checks() -> dict[str, list[str]]:
    return {result.check.slug: [fault.key for fault in result.faults] for result in run_checks() if not result.is_ok}
