"""Tells a database that began with other migrations: those that this code has cannot bring it up to date."""

from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _


def refusal_of(alias: str) -> str:
    """Return the sentence that refuses this database, or nothing where every migration it has is known.

    Only the site's own apps are looked at: a library may leave migrations behind when it is upgraded.
    """
    unknown = unknown_migrations(applied_migrations(connections[alias]))
    if not unknown:
        return ""
    return _(
        "This database was made by another version of the site and cannot be brought up to date (it has "
        "%(first)s and %(others)d other migrations that this version does not know): `make demo-reset` "
        "forgets it with everything in it, that is customers, questionnaires, responses, figures, evaluation "
        "records and staff accounts, after which the next start makes a new one."
    ) % {"first": unknown[0], "others": len(unknown) - 1}


def applied_migrations(database: BaseDatabaseWrapper) -> list[str]:
    """Return the migrations that a database says it has, as `app.name`."""
    return sorted(map(".".join, MigrationRecorder(database).applied_migrations()))


def unknown_migrations(applied: Iterable[str]) -> list[str]:
    """Return those of the site's own apps that this version has no file of."""
    loader = MigrationLoader(None, replace_migrations=False)
    known = set(map(".".join, loader.disk_migrations))
    for migration in loader.disk_migrations.values():
        known.update(map(".".join, migration.replaces))
    own = _own_apps()
    return sorted(name for name in set(applied) - known if name.partition(".")[0] in own)


def _own_apps() -> set[str]:
    root = Path(settings.BASE_DIR)
    return {app.label for app in apps.get_app_configs() if (root / app.name.replace(".", "/")).is_dir()}
