from django.db import connection

from feedback_site.common.checks import database_is_durable


def test_a_database_that_acknowledges_too_early_is_refused(db, settings):
    settings.REQUIRE_DURABLE_DATABASE = True
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")

    faults = database_is_durable(databases=["default"])

    assert "PostgreSQL runs with synchronous_commit = off." in [fault.msg for fault in faults]


def test_a_durable_setting_raises_no_fault(db, settings):
    settings.REQUIRE_DURABLE_DATABASE = True
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")

    faults = database_is_durable(databases=["default"])

    assert not [fault for fault in faults if "synchronous_commit" in fault.msg]


def test_a_checkout_is_not_asked(db):
    assert database_is_durable(databases=["default"]) == []
