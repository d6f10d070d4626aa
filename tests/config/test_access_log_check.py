"""`manage.py verify` and the access log: a chain of honest entries holds, and one tampered row is named."""

import io

import pytest
from django.core.management import call_command
from django.db import connection

from config.conservation import run_checks
from config.conservation.checks import ACCESS_LOG_IS_WHOLE
from feedback_site.accounts.enums import AccessAction
from feedback_site.accounts.models import AccessLogEntry
from feedback_site.accounts.services import broken_entries, record_access

DETAILS = [{"rows": 3, "filters": {"team": "东区"}}, {}, {"nested": [1, {"b": None, "a": '"quoted"'}], "share": 0.5}, {"rows": 1}]


@pytest.fixture
def entries(staff, organisation, noon):
    return [
        record_access(
            actor=staff.ellen,
            action=AccessAction.EXPORTED,
            subject_kind="responses",
            subject_id=str(number),
            team_id=organisation.east_1.pk if number % 2 else None,
            details=details,
            at=noon,
        )
        for number, details in enumerate(DETAILS)
    ]


def tamper(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_accesslogentry DISABLE TRIGGER USER")
        cursor.execute(statement, parameters)
        cursor.execute("ALTER TABLE accounts_accesslogentry ENABLE TRIGGER USER")


def at_fault() -> list[tuple[str, str]]:
    (result,) = run_checks([ACCESS_LOG_IS_WHOLE])
    return [(fault.key, fault.detail) for fault in result.faults]


def test_an_honest_chain_holds(entries):
    assert at_fault() == []
    assert list(broken_entries()) == []


def test_an_empty_log_holds(db):
    assert at_fault() == []


@pytest.mark.parametrize(
    "change",
    [
        "details = '{}'",
        "actor = 'user:0'",
        "at = at + interval '1 microsecond'",
        "team_id = (SELECT min(id) FROM accounts_team)",
        "subject_id = 'x'",
        "subject_kind = 'x'",
        "action = 'downloaded'",
    ],
)
def test_a_changed_entry_is_named(change, entries):
    tamper(f"UPDATE accounts_accesslogentry SET {change} WHERE id = %s", entries[2].pk)  # noqa: S608 - this module's own words

    assert at_fault() == [(str(entries[2].pk), "was changed after it was sealed")]
    assert list(broken_entries()) == [entries[2].pk]


def test_a_removed_entry_is_seen_in_the_one_after(entries):
    tamper("DELETE FROM accounts_accesslogentry WHERE id = %s", entries[1].pk)

    assert at_fault() == [(str(entries[2].pk), "does not follow from the entry before: one is missing or was changed")]


def test_an_entry_sealed_anew_breaks_the_one_after(entries):
    tamper("UPDATE accounts_accesslogentry SET entry_hash = %s WHERE id = %s", b"x" * 32, entries[0].pk)

    assert [key for key, _detail in at_fault()] == [str(entries[0].pk), str(entries[1].pk)]


def test_verify_prints_the_entry_and_leaves_with_1(entries):
    tamper("UPDATE accounts_accesslogentry SET details = '{}' WHERE id = %s", entries[0].pk)
    output = io.StringIO()

    with pytest.raises(SystemExit) as left:
        call_command("verify", stdout=output)

    assert left.value.code == 1
    assert "FAIL access_log_is_whole" in output.getvalue()
    assert f"{entries[0].pk}: was changed" in output.getvalue()
    assert AccessLogEntry.objects.count() == len(DETAILS)
