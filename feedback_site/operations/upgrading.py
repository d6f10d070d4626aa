"""What an upgrade owes to rows that were there before it, beyond their migrations."""

from datetime import datetime

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from feedback_site.customers.services.old_words import mask_old_words
from feedback_site.customers.services.rotating import renew_indexes
from feedback_site.evaluations.services import measure_case_log


def waits_for_migrations() -> bool:
    """Whether the database is older than this version, or new."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def renew_stored_rows(*, at: datetime) -> None:
    """Bring what earlier versions stored to this one: masks, figures and indexes of contacts.

    The nights mask and measure as well. Indexes name their key afterwards, since some statements compare
    two of them.
    """
    for _batch in mask_old_words(at=at):
        pass
    renew_indexes()
    measure_case_log(at=at, everything=True)
