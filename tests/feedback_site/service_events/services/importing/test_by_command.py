"""An import by command that was interrupted: goes on, begins again, or is taken over."""

import time
from pathlib import Path

import pytest
from django.core.management import call_command

from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import LeaseLostError
from feedback_site.common.table_files import COMMAND
from feedback_site.service_events.models import EventImport, ServiceEvent
from feedback_site.service_events.services.importing import (
    Run,
    begin_import,
    run_import,
    running,
)
from feedback_site.service_events.services.importing.running import run_file
from tests.factories.service_events.imports import HEADINGS, row


@pytest.fixture
def file(organisation, tmp_path, monkeypatch) -> Path:
    """Five rows, the second wrong, read two at a time."""
    monkeypatch.setattr(running, "CHUNK", 2)
    path = tmp_path / "events.csv"
    path.write_text("\n".join([HEADINGS, row(1), row(2, team="nowhere"), row(3), row(4), row(5)]))
    return path


def begin(file: Path, stream, *, is_restarted: bool = False, is_dry_run: bool = False) -> EventImport:
    return begin_import(
        path=file,
        stream=stream,
        mapping={},
        is_replayed=False,
        is_dry_run=is_dry_run,
        is_restarted=is_restarted,
        language="en",
        at=database_now(),
    )


@pytest.fixture
def interrupted(file) -> EventImport:
    """The import of the file after its first chunk."""
    with file.open("rb") as stream:
        event_import = begin(file, stream)
        run_file(event_import, stream, Run(clock=database_now, limits=COMMAND, stop_at=time.monotonic()))
    return event_import


def test_the_next_run_goes_on_and_lists_everything(file, interrupted, capsys):
    call_command("import_service_events", file)

    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "line 3: team: Unknown. Known are: east, east-1, west, west-1",
        "completed among the imported: 4",
        "read 5, imported 4, repeated 0, listed 1",
    ]
    assert said.err == "An interrupted import goes on after row 2.\n"


def test_a_restart_begins_at_the_first_row(file, interrupted, capsys):
    call_command("import_service_events", file, restart=True)

    assert capsys.readouterr().out.splitlines()[-1] == "read 5, imported 3, repeated 1, listed 1"
    interrupted.refresh_from_db()
    assert (interrupted.status, ServiceEvent.objects.count()) == ("cancelled", 4)


def test_a_file_that_has_changed_is_another_file(file, interrupted, capsys):
    file.write_text(file.read_text() + "\n" + row(6))

    call_command("import_service_events", file)

    assert capsys.readouterr().out.splitlines()[-1] == "read 6, imported 4, repeated 1, listed 1"


def test_a_dry_run_is_not_the_import(file, interrupted, capsys):
    call_command("import_service_events", file, dry_run=True)

    assert capsys.readouterr().out.splitlines()[-1] == "read 5, imported 3, repeated 1, listed 1"
    assert ServiceEvent.objects.count() == 1


def test_the_run_that_begins_last_goes_on_and_the_other_stops(file, interrupted):
    with file.open("rb") as stream, file.open("rb") as other:
        taken_over = begin(file, other)

        with pytest.raises(LeaseLostError):
            run_import(event_import=interrupted, stream=stream, run=Run(clock=database_now, limits=COMMAND))
        run_import(event_import=taken_over, stream=other, run=Run(clock=database_now, limits=COMMAND))

    assert taken_over.pk == interrupted.pk
    assert (taken_over.status, taken_over.position, ServiceEvent.objects.count()) == ("done", 5, 4)


def test_an_import_that_ended_meanwhile_is_not_begun_again_by_mistake(file, interrupted):
    call_command("import_service_events", file)

    with file.open("rb") as stream:
        again = begin(file, stream)

    assert (again.pk == interrupted.pk, again.position) == (False, 0)
