"""`manage.py verify --recent`: only what was touched lately is read, and all that belongs to it.

That it finds whatever a complete run finds in new rows is tested
with every tampered row (`tests.factories.conservation.tampering.red_checks`).
"""

# ruff: noqa: S608 - statements are made of ids that this module made

import io
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from feedback_site.accounts.enums import AccountAccess
from feedback_site.accounts.services import record_access
from feedback_site.common.clock import database_now
from feedback_site.conservation.checks import CHECKS
from feedback_site.conservation.recent import Touched, read_touched
from feedback_site.conservation.running import run_checks
from feedback_site.conservation.tasks import verify_everything, verify_recent
from feedback_site.operations.last_run import last_run
from surveys.models import PendingTally, Response
from tests.factories.conservation.tampering import tamper


@pytest.fixture
def later() -> datetime:
    """A moment at which the world's rows are old."""
    return database_now() + timedelta(hours=1)


def red(touched: Touched | None = None) -> list[str]:
    return [result.check.slug for result in run_checks(touched=touched) if not result.is_ok]


def test_rows_of_long_ago_are_not_read(world, later):
    tamper(f"UPDATE surveys_invitation SET answered_at = now() WHERE id = '{world.invitations['sent'].id}'")

    touched = read_touched(since=later)

    assert (touched.events, touched.invitations, touched.messages, touched.teams) == ([], [], [], [])
    assert red(touched) == []
    assert red() == ["responses_of_answered_invitations"]


def test_a_late_answer_touches_its_case_and_its_teams_day(world, later):
    invitation = world.invitations["sent"]
    tamper(f"UPDATE surveys_invitation SET answered_at = now() WHERE id = '{invitation.id}'")
    response = Response.objects.create(
        invitation=invitation,
        answers={},
        answers_hash=b"0" * 32,
        satisfaction=1,
        language="en",
        submitted_at=later,
    )
    PendingTally.objects.create(response=response)

    touched = read_touched(since=later)

    assert touched.invitations == [invitation.id]
    assert touched.events == [world.events["sent"].id]
    assert touched.messages == [world.messages["sent"].id]
    assert (touched.teams, touched.days) == ([invitation.credited_team_id], [invitation.belongs_on])
    assert red(touched) == []


def test_a_late_answer_that_was_not_tallied_is_found(world, later):
    invitation = world.invitations["sent"]
    tamper(f"UPDATE surveys_invitation SET answered_at = now() WHERE id = '{invitation.id}'")
    Response.objects.create(
        invitation=invitation, answers={}, answers_hash=b"0" * 32, nps=1, language="en", submitted_at=later
    )

    assert red(read_touched(since=later)) == ["tallies_equal_responses", "agent_tallies_equal_responses"]


def test_the_latest_entries_of_the_access_log_are_checked_from_the_one_before(staff, noon):
    for hour in range(4):
        record_access(
            actor=staff.ellen,
            action=AccountAccess.EXPORTED,
            subject_kind="responses",
            details={},
            at=noon + timedelta(hours=hour),
        )
    tamper(
        "UPDATE accounts_accesslogentry SET actor = 'user:0' WHERE id = (SELECT min(id) FROM "
        "accounts_accesslogentry)"
    )

    assert red(read_touched(since=noon + timedelta(hours=2))) == []
    assert red(read_touched(since=noon)) == ["access_log_is_whole"]

    tamper(
        "UPDATE accounts_accesslogentry SET actor = 'user:0' WHERE id = (SELECT max(id) FROM "
        "accounts_accesslogentry)"
    )

    assert red(read_touched(since=noon + timedelta(hours=2))) == ["access_log_is_whole"]


def test_command_says_how_much_it_looked_at(world):
    output = io.StringIO()

    call_command("verify", "--recent", "10", stdout=output, no_color=True)

    lines = output.getvalue().splitlines()
    assert lines[0] == "Touched in the last 10 minutes: 14 events, 11 invitations, 9 messages"
    assert lines[-1] == f"All {len(CHECKS)} checks hold."


def test_command_exits_with_1_for_a_fault_of_the_last_minutes(world):
    world.attempt("sent", outcome="accepted", code="202")

    with pytest.raises(SystemExit) as ended:
        call_command("verify", "--recent", "10", stdout=io.StringIO(), no_color=True)

    assert ended.value.code == 1


def test_command_refuses_a_window_of_no_minutes(db):
    with pytest.raises(CommandError, match="at least 1"):
        call_command("verify", "--recent", "0")


@pytest.mark.parametrize(("task", "run"), [(verify_recent, "recent"), (verify_everything, "complete")])
def test_the_tasks_note_what_they_found_for_operators(world, task, run):
    cache.clear()
    world.attempt("sent", outcome="accepted", code="202")

    task()

    noted = last_run(run)
    assert noted is not None
    assert {slug: count for slug, count in noted.faults.items() if count} == {"messages_sent_once": 1}
    assert len(noted.faults) == len(CHECKS)
