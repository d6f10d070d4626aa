import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tests.plugins.quick_databases import _exists, connected_to, drop_if_unknown


def group_of(request):
    return [mark.args for mark in request.node.iter_markers("xdist_group")]


def test_what_needs_no_database_is_run_together_while_one_is_made(request):
    assert group_of(request) == [("without-database",)]


def test_what_needs_a_database_goes_to_the_worker_that_is_free(request, db):
    assert group_of(request) == []


@pytest.mark.parametrize(("last", "stays"), [("0001_initial", True), ("0099_of_another_version", False)])
def test_a_database_that_cannot_be_migrated_is_dropped(django_db_setup, django_db_blocker, last, stays):
    with django_db_blocker.unblock():
        name = f"{connection.settings_dict['NAME']}_of_before"
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
            try:
                with connected_to(name):
                    MigrationRecorder(connection).record_applied("accounts", last)

                drop_if_unknown(name)

                assert _exists(name) is stays
            finally:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
