"""Background exports: whose rows, from which moment, and what a killed worker leaves."""

# ruff: noqa: S608 - the statement is made of a model's own columns

import threading
import tracemalloc
import uuid
from datetime import timedelta

import pytest
from django.db import connection

from feedback_site.accounts.enums import AccountAccess, Grant
from feedback_site.accounts.models import AccessLogEntry
from feedback_site.accounts.services import create_api_key, revoke_api_key
from feedback_site.common.exceptions import NotAllowedError
from feedback_site.common.leased_jobs import LEASE, heartbeat
from feedback_site.common.resources import CHUNK, ExportResource
from feedback_site.dashboards.enums import ExportFormat, ExportKind, ExportStatus
from feedback_site.dashboards.models import Export
from feedback_site.dashboards.services.exporting import (
    SOURCES,
    cancel_export,
    open_export,
    run_exports,
)
from feedback_site.dashboards.services.exporting.jobs import EXPORTS
from feedback_site.service_events.models import ServiceEvent
from tests.factories.dashboards.exports import EAST, WEST, read_rows

pytestmark = pytest.mark.django_db(transaction=True)


def rows_in(export, by, at):
    export.refresh_from_db()
    assert export.error == ""
    file = open_export(export=export, by=by, at=at)
    return read_rows(file.path.read_bytes(), export.format)


def many_events(case, count, prefix="copy"):
    """Copies of the case's event."""
    columns = [
        field.column
        for field in ServiceEvent._meta.concrete_fields
        if field.column not in {"id", "external_id"}
    ]
    listed = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO service_events_serviceevent (id, external_id, {listed}) "
            f"SELECT gen_random_uuid(), %s || '-' || number, {listed} "
            "FROM service_events_serviceevent, generate_series(0, %s - 1) number WHERE id = %s",
            [prefix, count, case.of(ServiceEvent).pk],
        )


@pytest.mark.parametrize("kind", ExportKind)
@pytest.mark.parametrize("file_format", ExportFormat)
def test_every_kind_and_format_holds_the_rows_within_scope_and_no_other(
    kind, file_format, cases, staff, ask_for, noon
):
    export = ask_for(staff.ada, kind, file_format)

    ran = run_exports(at=noon)

    export.refresh_from_db()
    rows = rows_in(export, staff.ada, noon)
    text = repr(rows)
    assert ran == 1
    there = SOURCES[kind].model.objects.for_user(staff.ada).count()
    assert there >= 1
    assert (export.status, len(rows), export.rows_done, export.rows_total) == (
        ExportStatus.DONE,
        there,
        there,
        there,
    )
    assert EAST in text
    assert WEST not in text
    assert not {word for word in cases.west.words if word in text}


def test_a_response_reads_back_as_it_was_given(cases, staff, ask_for, noon):
    export = ask_for(staff.ellen, file_format=ExportFormat.XLSX)
    run_exports(at=noon)

    (row,) = rows_in(export, staff.ellen, noon)

    assert row["satisfaction"] == 2
    assert row["comment: Anything else?"] == EAST
    assert row["ticket number"] == f"{EAST}-event"
    assert row["customer (masked)"] == f"{EAST}**"
    assert row["submitted at"] == "2026-11-20T12:00:00+08:00"
    assert row["counted on"].date().isoformat() == "2026-11-20"


def test_headings_words_and_sentences_are_in_the_language_asked_for(cases, staff, ask_for, noon):
    export = ask_for(staff.ellen, language="zh-hans")
    run_exports(at=noon)

    (row,) = rows_in(export, staff.ellen, noon)

    assert row["satisfaction: 您满意吗？"] == "2"


def test_who_sees_all_gets_both_regions_and_a_filter_leaves_one(cases, staff, ask_for, noon):
    every = ask_for(staff.quinn)
    east = ask_for(staff.quinn, filters={"team": "east"})

    assert [run_exports(at=noon) for _ in range(3)] == [1, 1, 0]

    assert len(rows_in(every, staff.quinn, noon)) == 2
    assert [row["team"] for row in rows_in(east, staff.quinn, noon)] == ["east-1"]


def test_the_run_is_on_record_with_filters_and_rows(cases, staff, ask_for, noon, organisation):
    export = ask_for(staff.ellen, filters={"team": "east-1"})
    run_exports(at=noon)

    entry = AccessLogEntry.objects.get(action=AccountAccess.EXPORTED)

    assert (entry.actor, entry.action, entry.subject_id, entry.team_id) == (
        f"user:{staff.ellen.pk}",
        AccountAccess.EXPORTED,
        str(export.pk),
        organisation.east_1.pk,
    )
    assert entry.details == {"rows": 1, "format": "csv", "filters": {"team": "east-1"}}


@pytest.mark.parametrize("change", ["deactivated", "other role", "revoked"])
def test_who_may_no_longer_export_gets_nothing(change, cases, staff, ask_for, noon, export_folder):
    key, _clear = create_api_key(name="bi", grants=list(Grant))
    export = ask_for(key if change == "revoked" else staff.ellen)
    if change == "deactivated":
        type(staff.ellen).objects.filter(pk=staff.ellen.pk).update(is_active=False)
    elif change == "revoked":
        revoke_api_key(key=key, at=noon)
    else:
        staff.ellen.groups.clear()

    run_exports(at=noon)

    export.refresh_from_db()
    assert (export.status, export.error) == (
        ExportStatus.FAILED,
        "The person who asked for this export may no longer export these rows.",
    )
    assert list(export_folder.iterdir()) == []


def test_who_moved_to_another_team_gets_its_rows(cases, staff, ask_for, noon, organisation):
    export = ask_for(staff.ellen)
    type(staff.ellen).objects.filter(pk=staff.ellen.pk).update(team=organisation.west_1)

    run_exports(at=noon)

    with pytest.raises(NotAllowedError):  # as she was when she asked
        rows_in(export, staff.ellen, noon)
    staff.ellen.refresh_from_db()
    assert [row["team"] for row in rows_in(export, staff.ellen, noon)] == ["west-1"]


def test_rows_that_come_in_while_it_runs_are_not_in_the_file(cases, staff, ask_for, noon, monkeypatch):
    many_events(cases.east, CHUNK + 10)
    export = ask_for(staff.ellen, ExportKind.SERVICE_EVENTS)
    original = ExportResource.iter_rows

    def add_meanwhile():
        many = ServiceEvent.objects.get(external_id="copy-0")
        for number in range(5):
            many.pk, many.external_id = uuid.UUID(int=number), f"late-{number}"
            many.save(force_insert=True)
        connection.close()

    def iter_rows(resource, queryset):
        for number, row in enumerate(original(resource, queryset)):
            if number == 3:
                other = threading.Thread(target=add_meanwhile)
                other.start()
                other.join()
            yield row

    monkeypatch.setattr(ExportResource, "iter_rows", iter_rows)
    run_exports(at=noon)

    rows = rows_in(export, staff.ellen, noon)
    export.refresh_from_db()
    assert ServiceEvent.objects.filter(external_id__startswith="late-").count() == 5
    assert not [row for row in rows if row["ticket number"].startswith("late-")]
    assert len(rows) == export.rows_total == CHUNK + 11


def test_an_export_whose_worker_was_killed_starts_anew_after_its_lease(
    cases, staff, ask_for, noon, export_folder
):
    export = ask_for(staff.ellen)
    assert EXPORTS.claim(at=noon).pk == export.pk  # the worker dies here

    too_early = run_exports(at=noon + LEASE)
    later = run_exports(at=noon + LEASE + timedelta(seconds=1))

    assert (too_early, later) == (0, 1)
    assert len(rows_in(export, staff.ellen, noon)) == 1
    export.refresh_from_db()
    assert (export.attempts, [path.name for path in export_folder.iterdir()]) == (2, [export.file_name])


def test_an_export_that_was_interrupted_three_times_is_given_up(cases, staff, ask_for, noon):
    export = ask_for(staff.ellen)
    for attempt in range(3):
        EXPORTS.claim(at=noon + attempt * 2 * LEASE)

    ran = run_exports(at=noon + 6 * LEASE)

    export.refresh_from_db()
    assert (ran, export.status, export.error) == (
        0,
        ExportStatus.FAILED,
        "The export was interrupted three times. Choose fewer rows.",
    )


def test_a_worker_that_lost_its_lease_puts_no_file_in_place(
    cases, staff, ask_for, noon, export_folder, monkeypatch
):
    export = ask_for(staff.ellen)
    original = ExportResource.iter_rows

    def iter_rows(resource, queryset):
        other = threading.Thread(
            target=lambda: (Export.objects.update(lease_id=uuid.uuid4()), connection.close())
        )
        other.start()
        other.join()
        yield from original(resource, queryset)

    monkeypatch.setattr(ExportResource, "iter_rows", iter_rows)
    run_exports(at=noon)

    export.refresh_from_db()
    assert (export.status, export.file_name, list(export_folder.iterdir())) == (ExportStatus.RUNNING, "", [])
    assert not AccessLogEntry.objects.filter(action=AccountAccess.EXPORTED).exists()


def test_one_export_runs_at_a_time(cases, staff, ask_for, noon):
    ask_for(staff.ellen)
    ask_for(staff.quinn)
    EXPORTS.claim(at=noon)

    assert run_exports(at=noon + timedelta(seconds=1)) == 0


def test_the_heartbeat_renews_the_lease_and_says_how_far_it_is(cases, staff, ask_for, noon, monkeypatch):
    monkeypatch.setattr(heartbeat, "HEARTBEAT_SECONDS", 0.05)
    many_events(cases.east, 20)
    export = ask_for(staff.ellen, ExportKind.SERVICE_EVENTS)
    original = ExportResource.iter_rows
    seen = []

    def look():
        while not seen:
            row = Export.objects.get()
            if row.rows_total == 21 and row.claimed_until > noon + LEASE:
                seen.append(row.status)
        connection.close()

    def iter_rows(resource, queryset):
        other = threading.Thread(target=look)
        other.start()
        other.join(20)
        yield from original(resource, queryset)

    monkeypatch.setattr(ExportResource, "iter_rows", iter_rows)
    run_exports(at=noon)

    assert seen == [ExportStatus.RUNNING]
    assert len(rows_in(export, staff.ellen, noon)) == 21


def test_a_cancelled_run_stops_and_leaves_no_file(cases, staff, ask_for, noon, export_folder, monkeypatch):
    monkeypatch.setattr(heartbeat, "HEARTBEAT_SECONDS", 0.05)
    export = ask_for(staff.ellen)
    original = ExportResource.iter_rows

    def stop():
        cancel_export(export=Export.objects.get(), at=noon)
        connection.close()

    def iter_rows(resource, queryset):
        other = threading.Thread(target=stop)
        other.start()
        other.join()
        threading.Event().wait(0.5)
        yield from original(resource, queryset)

    monkeypatch.setattr(ExportResource, "iter_rows", iter_rows)
    run_exports(at=noon)

    export.refresh_from_db()
    assert (export.status, list(export_folder.iterdir())) == (ExportStatus.CANCELLED, [])


def test_rows_that_are_gone_by_the_time_it_runs_are_an_export_of_nothing(
    cases, staff, ask_for, noon, export_folder
):
    export = ask_for(staff.ellen, ExportKind.SERVICE_EVENTS, filters={"status": "completed"})
    ServiceEvent.objects.update(status="reopened")

    run_exports(at=noon)

    export.refresh_from_db()
    assert (export.status, export.error) == (
        ExportStatus.FAILED,
        "There is nothing to export: no row matches these filters.",
    )
    assert list(export_folder.iterdir()) == []


def test_an_error_ends_the_export_with_a_sentence(cases, staff, ask_for, noon, monkeypatch):
    export = ask_for(staff.ellen)

    def iter_rows(resource, queryset):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ExportResource, "iter_rows", iter_rows)
    ran = run_exports(at=noon)

    export.refresh_from_db()
    assert (ran, export.status) == (1, ExportStatus.FAILED)
    assert export.error == "The export was stopped by an error. Ask again, or choose fewer rows."


def test_the_file_is_readable_by_its_account_only_and_its_name_cannot_be_guessed(
    cases, staff, ask_for, noon, export_folder
):
    export = ask_for(staff.ellen)
    run_exports(at=noon)

    export.refresh_from_db()
    path = export_folder / export.file_name
    assert (path.stat().st_mode & 0o777, export_folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert len(path.stem) >= 32
    assert path.stat().st_size == export.size


@pytest.mark.parametrize("file_format", [ExportFormat.CSV, ExportFormat.XLSX])
def test_many_times_the_rows_take_no_more_memory(file_format, cases, staff, ask_for, noon):
    def peak_with(count, minutes):
        many_events(
            cases.east,
            count - ServiceEvent.objects.filter(team=staff.ellen.team).count(),
            prefix=f"{minutes}",
        )
        export = ask_for(
            staff.ellen, ExportKind.SERVICE_EVENTS, file_format, at=noon + timedelta(minutes=minutes)
        )
        tracemalloc.start()
        run_exports(at=noon + timedelta(minutes=minutes))
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        export.refresh_from_db()
        assert (export.status, export.rows_done) == (ExportStatus.DONE, count)
        return peak

    low, high = peak_with(1000, 1), peak_with(5000, 2)

    assert high < low * 1.25 + 1_000_000
