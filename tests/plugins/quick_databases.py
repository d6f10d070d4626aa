"""Makes a test database by its migrations once, and copies it for the person who needs another.

The other worker, a journey.

Migrating takes a quarter of a minute, copying a quarter of a second. Like the databases of the
workers the one that is copied stays for the next run, until `--create-db` asks for new ones.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from feedback_site.operations.beginnings import refusal_of

_DATABASE = {"db", "django_db_setup", "transactional_db", "live_server", "site"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Let one worker run all that needs no database, first, while another migrates one.

    The largest group is handed out first.
    """
    for item in items:
        needs_one = item.get_closest_marker("django_db") or _DATABASE & set(item.fixturenames)
        if (
            not needs_one
            and item.get_closest_marker("xdist_group") is None
            and item.path.parent.name != "isolation"
        ):
            item.add_marker(pytest.mark.xdist_group("without-database"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_createdb: Any, django_db_blocker: Any
) -> None:
    """Let Django copy where it would create and migrate."""
    with django_db_blocker.unblock():
        name = connection.creation._get_test_db_name()
        drop_if_unknown(name)
        if django_db_createdb or not _exists(name):
            connection.settings_dict["TEST"]["TEMPLATE"] = migrated_database(is_new=django_db_createdb)


def migrated_database(*, is_new: bool = False) -> str:
    """Return the name of the database to copy, made by the first who asks.

    `is_new`: by the first of this run.
    """
    name = f"{settings.DATABASES['default']['NAME'].removeprefix('test_').split('_gw')[0]}_migrated"
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])  # until the connection is closed
        drop_if_unknown(name)
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        )
        found = cursor.fetchone()
        if found is None or found[0] is None or (is_new and found[0] != run):
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}"')
            with connected_to(name), _patient_collector(), _fewer_models():
                call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
            cursor.execute(f"COMMENT ON DATABASE \"{name}\" IS '{run}'")  # it is complete
    return name


def drop_if_unknown(name: str) -> None:
    """Drop what an earlier run left where this code cannot migrate it: migrations may have begun again."""
    if not _exists(name):
        return
    with connected_to(name):
        is_unknown = bool(refusal_of("default"))
    if is_unknown:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Let Django's connection lead to another database for the block."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@contextmanager
def _patient_collector() -> Iterator[None]:
    """Look for garbage less often.

    Django makes every model again for each step of a migration, a fifth of the time to search them.
    """
    before = gc.get_threshold()
    gc.set_threshold(100_000, 10, 10)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _fewer_models() -> Iterator[None]:
    """Keep a step's models where it changed nothing about them that a table has: most of migrating's time.

    Django makes a model and all its relatives again for each constraint, index and trigger, which are written
    without asking the model, and for each text.
    """
    patched = pytest.MonkeyPatch()
    alter_field = ProjectState.alter_field

    def alter_by_need(
        state: ProjectState, app_label: str, model_name: str, name: str, field: Any, preserve_default: Any
    ) -> None:
        fields = state.models[app_label, model_name].fields
        if preserve_default and _column(fields[name]) == _column(field):
            fields[name] = field
        else:
            alter_field(state, app_label, model_name, name, field, preserve_default)

    def quietly(change: Any) -> Any:
        def changed(state: ProjectState, *arguments: Any) -> None:
            with pytest.MonkeyPatch.context() as kept:
                kept.setattr(state, "reload_model", lambda *_model, **_options: None)
                change(state, *arguments)

        return changed

    patched.setattr(ProjectState, "alter_field", alter_by_need)
    for name in ("_append_option", "_remove_option"):
        patched.setattr(ProjectState, name, quietly(getattr(ProjectState, name)))
    for trigger in (AddTrigger, RemoveTrigger):
        change = trigger.state_forwards
        patched.setattr(
            trigger,
            "state_forwards",
            lambda self, app, state, change=change: quietly(lambda at: change(self, app, at))(state),
        )
    yield
    patched.undo()


def _column(field: Any) -> tuple[Any, ...]:
    """Return what a field is without its texts: what a table has of it, and what refers to it."""
    _name, path, arguments, options = field.deconstruct()
    texts = set(field.non_db_attrs) - {"db_column", "on_delete", "related_name", "related_query_name"}
    return (
        path,
        arguments,
        {name: value for name, value in options.items() if name not in texts},
        getattr(field, "related_model", None),
    )


def _exists(name: str) -> bool:
    with connection._nodb_cursor() as cursor:
        return bool(connection.creation._database_exists(cursor, name))
