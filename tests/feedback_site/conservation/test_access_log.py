"""`manage.py verify` and the access log: a chain of honest entries holds, and one tampered row is named."""

# ruff: noqa: S608 - statements are made of what this module made

import hashlib
import hmac
import io
import json
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from feedback_site.accounts.enums import AccountAccess
from feedback_site.accounts.models import AccessLogEntry
from feedback_site.accounts.services import anchor_access_log, record_access
from feedback_site.conservation.checks import ACCESS_LOG_IS_WHOLE
from feedback_site.conservation.running import run_checks

DETAILS = [
    {"rows": 3, "filters": {"team": "东区"}},
    {},
    {"nested": [1, {"b": None, "a": '"quoted"'}], "share": 0.5},
    {"rows": 1},
]


@pytest.fixture
def entries(staff, organisation, noon):
    return [
        record_access(
            actor=staff.ellen,
            action=AccountAccess.EXPORTED,
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


@pytest.fixture(autouse=True)
def anchors(settings, tmp_path) -> Path:
    """Where the anchors of this test lie."""
    settings.ACCESS_LOG_ANCHOR_DIR = str(tmp_path)
    return tmp_path


def at_fault() -> list[tuple[str, str]]:
    (result,) = run_checks([ACCESS_LOG_IS_WHOLE])
    return [(fault.key, fault.detail) for fault in result.faults]


def test_an_honest_chain_holds(entries):
    assert at_fault() == []


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
    tamper(f"UPDATE accounts_accesslogentry SET {change} WHERE id = %s", entries[2].pk)

    assert at_fault() == [(str(entries[2].pk), "was changed after it was sealed")]


def test_a_removed_entry_is_seen_in_the_one_after(entries):
    tamper("DELETE FROM accounts_accesslogentry WHERE id = %s", entries[1].pk)

    assert at_fault()[:1] == [
        (str(entries[2].pk), "does not follow from the entry before: one is missing or was changed")
    ]


def test_an_entry_sealed_anew_breaks_the_one_after(entries):
    tamper("UPDATE accounts_accesslogentry SET entry_hash = %s WHERE id = %s", b"x" * 32, entries[0].pk)

    assert [key for key, _detail in at_fault()] == [str(entries[0].pk), str(entries[1].pk)]


def reseal(*, by: Any, start: int = 0) -> str:
    """Return SQL that makes a whole chain again as a person without the key can.

    All columns are theirs to write.
    """
    before, statements = bytes(32), []
    for place, entry in enumerate(AccessLogEntry.objects.order_by("pk")):
        if place == 1 and start:
            entry.actor = "user:0"
        entry.previous_hash = before
        text = json.dumps(
            {
                "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "actor": entry.actor,
                "action": entry.action,
                "subject_kind": entry.subject_kind,
                "subject_id": entry.subject_id,
                "team_id": entry.team_id,
                "details": entry.details,
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )
        before_, before = before, by(before + text.encode())
        statements.append(
            f"UPDATE accounts_accesslogentry SET actor = '{entry.actor}', previous_hash = "
            f"'\\x{before_.hex()}',"
            f" entry_hash = '\\x{before.hex()}' WHERE id = {entry.pk}"
        )
    statements.append(f"UPDATE accounts_accessloghead SET head_hash = '\\x{before.hex()}'")
    return "; ".join(statements)


LOG, HEAD = "accounts_accesslogentry", "accounts_accessloghead"
MIDDLE = f"(SELECT id FROM {LOG} ORDER BY id OFFSET 1 LIMIT 1)"
LAST = f"(SELECT max(id) FROM {LOG})"
TAMPERINGS: dict[str, Any] = {
    "the last entry is deleted": f"DELETE FROM {LOG} WHERE id = {LAST}",
    "the last entries are deleted and the head with them": (
        f"DELETE FROM {LOG} WHERE id >= {MIDDLE}; DELETE FROM {HEAD}"
    ),
    "the last is deleted and the head made to fit": (
        f"DELETE FROM {LOG} WHERE id = {LAST}; UPDATE {HEAD} SET entries = entries - 1, last_id = {LAST},"
        f" head_hash = (SELECT entry_hash FROM {LOG} ORDER BY id DESC LIMIT 1)"
    ),
    "the log is truncated": f"TRUNCATE {LOG}",
    "log and head are truncated": f"TRUNCATE {LOG}, {HEAD}",
    "an entry in the middle is deleted": f"DELETE FROM {LOG} WHERE id = {MIDDLE}",
    "the first entry is deleted": f"DELETE FROM {LOG} WHERE id = (SELECT min(id) FROM {LOG})",
    "details are edited": f"UPDATE {LOG} SET details = '{{}}' WHERE id = (SELECT min(id) FROM {LOG})",
    "the actor is another": f"UPDATE {LOG} SET actor = 'user:0' WHERE id = {MIDDLE}",
    "the moment is another": f"UPDATE {LOG} SET at = at - interval '1 day' WHERE id = {MIDDLE}",
    "two entries change places": (
        f"UPDATE {LOG} SET id = -1 WHERE id = {MIDDLE};"
        f"UPDATE {LOG} SET id = id - 1 WHERE id = (SELECT min(id) + 2 FROM {LOG} WHERE id > 0);"
        f"UPDATE {LOG} SET id = (SELECT min(id) + 2 FROM {LOG} WHERE id > 0) WHERE id = -1"
    ),
    "an entry is put between two": (
        f"INSERT INTO {LOG} (at, actor, action, subject_kind, subject_id, details, previous_hash, "
        "entry_hash, key_id)"
        " SELECT at, actor, action, subject_kind, 'more', details, entry_hash, sha256('x'), key_id FROM "
        f"{LOG} WHERE id = {LAST}"
    ),
    "all is chained again without the key": lambda: reseal(
        by=lambda content: hashlib.sha256(content).digest(), start=1
    ),
    "all is chained again with another key": lambda: reseal(
        by=lambda content: hmac.digest(b"another", content, "sha256"), start=1
    ),
    "a key that there is not is named": f"UPDATE {LOG} SET key_id = 7",
    "the head counts fewer": f"UPDATE {HEAD} SET entries = entries - 1",
    "the head knows of no anchors": f"UPDATE {HEAD} SET anchors = 0",
}


@pytest.mark.parametrize("tampering", TAMPERINGS.values(), ids=TAMPERINGS)
def test_verify_finds_each_tampering(entries, noon, tampering):
    anchor_access_log(at=noon)
    assert at_fault() == []

    tamper(tampering() if callable(tampering) else tampering)

    assert at_fault() != []


def test_what_is_taken_off_the_end_before_the_next_anchor_is_found_too(entries, noon):
    """The head is restored with the entries from before.

    Who has a copy of both is caught by the anchor alone.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM {HEAD}")
    (record,) = [entries[0]]
    record_access(actor=None, action=AccountAccess.EXPORTED, subject_kind="responses", at=record.at)
    anchor_access_log(at=noon)

    tamper(f"DELETE FROM {LOG} WHERE id = {LAST}; DELETE FROM {HEAD}; INSERT INTO {HEAD} SELECT * FROM kept")

    assert [key for key, _detail in at_fault()] == ["anchor 1"]


@pytest.mark.parametrize("cut", ["removed", "emptied", "last line", "first line", "count", "seal", "words"])
def test_verify_finds_anchors_that_were_removed_or_changed(entries, noon, anchors, cut):
    for _hour in range(3):
        anchor_access_log(at=noon)
    (file,) = anchors.iterdir()
    assert at_fault() == []
    lines = file.read_text(encoding="utf-8").splitlines()

    changed = {
        "emptied": [],
        "last line": lines[:-1],
        "first line": lines[1:],
        "count": [lines[0].replace('"entries": 4', '"entries": 3'), *lines[1:]],
        "seal": [lines[0], lines[1].replace(json.loads(lines[1])["seal"], "0" * 64), lines[2]],
        "words": [*lines[:2], "no line of ours"],
    }
    file.unlink()
    if cut != "removed":
        file.write_text("".join(f"{line}\n" for line in changed[cut]), encoding="utf-8")

    assert at_fault() != []
    if cut in {"removed", "emptied", "last line"}:
        # Going on does not heal it.
        for hours in (1, 2):
            anchor_access_log(at=noon + timedelta(hours=hours))
            assert at_fault() != []


@pytest.mark.parametrize("left", ["nothing", "a part", "other words"])
def test_after_a_loss_a_new_file_begins_and_the_log_says_so(entries, noon, anchors, left):
    for _hour in range(3):
        anchor_access_log(at=noon)
    (file,) = anchors.iterdir()
    first = file.read_text(encoding="utf-8").splitlines()[0]
    file.write_text({"a part": f"{first}\n", "other words": "x\ny\nz\n"}.get(left, ""), encoding="utf-8")
    assert at_fault() != []

    call_command("begin_anchors", "the disk was lost", stdout=io.StringIO())

    assert at_fault() == []
    told = AccessLogEntry.objects.latest("pk")
    assert (told.action, told.details["lines"], told.details["reason"]) == (
        "anchors_begun",
        3,
        "the disk was lost",
    )
    assert len(list(anchors.glob("*.lost"))) == 1
    anchor_access_log(at=noon + timedelta(hours=1))
    assert at_fault() == []
    # The entry cannot be taken out again, and the new file is watched as the old one was.
    tamper(f"UPDATE {LOG} SET details = '{{}}' WHERE id = {LAST}")
    assert at_fault() != []


def test_a_new_file_is_watched_and_without_a_loss_none_begins(entries, noon, anchors):
    anchor_access_log(at=noon)
    with pytest.raises(CommandError):
        call_command("begin_anchors", "to be rid of it")
    (file,) = anchors.iterdir()
    file.unlink()
    call_command("begin_anchors", "lost", stdout=io.StringIO())
    assert at_fault() == []

    file.unlink()

    assert at_fault() != []


def test_an_hour_is_a_line_in_the_file_that_others_cannot_read(entries, noon, anchors):
    assert anchor_access_log(at=noon) == len(DETAILS)

    (file,) = anchors.iterdir()
    content = json.loads(file.read_text(encoding="utf-8"))
    assert (content["entries"], content["last_id"], content["head"]) == (
        4,
        entries[-1].pk,
        bytes(entries[-1].entry_hash).hex(),
    )
    assert file.stat().st_mode & 0o777 == 0o600


def test_verify_prints_the_entry_and_leaves_with_1(entries):
    tamper("UPDATE accounts_accesslogentry SET details = '{}' WHERE id = %s", entries[0].pk)
    output = io.StringIO()

    with pytest.raises(SystemExit) as left:
        call_command("verify", stdout=output)

    assert left.value.code == 1
    assert "FAIL access_log_is_whole" in output.getvalue()
    assert f"{entries[0].pk}: was changed" in output.getvalue()
    assert AccessLogEntry.objects.count() == len(DETAILS)
