import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from feedback_site.operations.beginnings import refusal_of
from feedback_site.operations.processes import prepare_site

pytestmark = pytest.mark.django_db


def applied():
    return set(MigrationRecorder.Migration.objects.values_list("app", "name"))


def test_a_database_of_this_beginning_is_known():
    assert refusal_of("default") == ""


@pytest.mark.parametrize("start", [prepare_site, lambda: call_command("migrate", verbosity=0)])
def test_a_database_of_another_beginning_is_left_as_it_is(start):
    """`prepare_site` is what `manage.py demo` and `up` begin with."""
    MigrationRecorder(connection).record_unapplied("service_events", "0002_published_holidays")
    for name in ("0002_roles", "0003_access_log"):
        MigrationRecorder(connection).record_applied("accounts", name)
    before = applied()

    with pytest.raises(CommandError) as refused:
        start()

    assert refused.value.returncode == 2
    assert "`make demo-reset`" in str(refused.value)
    assert "accounts.0002_roles and 1 other" in str(refused.value)
    assert applied() == before


def test_what_a_library_left_behind_is_no_other_beginning():
    MigrationRecorder(connection).record_applied("axes", "0001_of_an_older_version")
    MigrationRecorder(connection).record_applied("taggit", "0001_initial")

    assert refusal_of("default") == ""
