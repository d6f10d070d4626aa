"""From an uploaded file to events: checked first, imported once, every row accounted for."""

from datetime import timedelta

import pytest
from django.db import connection

from feedback_site.accounts.models import AccessLogEntry, Team
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import ConflictError, DomainError, LeaseLostError
from feedback_site.common.ids import uuid7
from feedback_site.customers.models import Customer
from feedback_site.service_events.models import (
    EventImport,
    EventImportPart,
    ServiceEvent,
    ServiceEventTransition,
)
from feedback_site.service_events.services.importing import (
    cancel_import,
    confirm_import,
    remove_forgotten,
    run_imports,
    running,
)
from feedback_site.service_events.services.importing.access import sender_of
from feedback_site.service_events.services.importing.background import STRETCH_SECONDS
from feedback_site.service_events.services.importing.jobs import IMPORTS
from feedback_site.service_events.services.importing.keeping import kept_file
from feedback_site.service_events.services.importing.running import Run, run_file
from tests.factories.service_events.imports import HEADINGS, counts, reasons, row


def test_a_check_changes_nothing_and_says_what_would_be(checked):
    event_import = checked(row(1), row(2), row(3).replace("phone", "pigeon"))

    assert (event_import.status, event_import.is_dry_run, event_import.rows_total) == ("checked", True, 3)
    assert counts(event_import) == (2, 0, 1)
    assert reasons(event_import) == {4: "channel: Unknown. Known are: on_site, phone"}
    assert (ServiceEvent.objects.count(), Customer.objects.count()) == (0, 0)


def test_after_a_go_the_rows_are_events_and_the_file_is_gone(imported, staff):
    event_import = imported(row(1), row(2))

    assert (event_import.status, counts(event_import), event_import.completed) == ("done", (2, 0, 0), 2)
    assert ServiceEventTransition.objects.filter(type="completed").count() == 2
    assert not EventImportPart.objects.exists()
    entry = AccessLogEntry.objects.get()
    assert (entry.action, entry.subject_id, entry.actor) == (
        "imported",
        str(event_import.pk),
        f"user:{staff.ada.pk}",
    )
    assert entry.details == {
        "position": 2,
        "imported": 2,
        "continued": 0,
        "repeated": 0,
        "listed": 0,
        "is_replayed": False,
    }


def test_importing_the_file_again_changes_nothing(imported, checked):
    imported(row(1), row(2))
    before = list(ServiceEvent.objects.order_by("pk").values())

    again = imported(row(1), row(2))

    assert counts(again) == (0, 2, 0)
    assert list(ServiceEvent.objects.order_by("pk").values()) == before
    assert ServiceEventTransition.objects.count() == 2


def test_rows_of_teams_that_the_uploader_does_not_see_are_refused_one_by_one(imported, staff):
    event_import = imported(row(1), row(2, team="west-1"), row(3, team="west"), row(4, team="east"))

    assert counts(event_import) == (2, 0, 2)
    assert set(reasons(event_import)) == {3, 4}
    assert "west" not in " ".join(reasons(event_import).values())
    assert counts(imported(row(2, team="west-1"), by=staff.quinn)) == (1, 0, 0)


def test_other_content_is_listed_with_what_differs_to_those_who_see_the_event(imported, checked, staff):
    imported(row(1), row(2, team="west-1"), by=staff.quinn)

    event_import = checked(
        row(1, product="oven"),
        row(2, team="east-1", product="oven"),
        row(1).replace("13812345678", "13812345679"),
    )

    problems = {problem.line: (problem.reason, problem.changes) for problem in event_import.problems.all()}
    assert problems[2][0].endswith("What differs: product_line.")
    assert problems[2][1] == {"product_line": ["fridge", "oven"]}
    assert 3 not in problems  # what the west calls so is another case, and not even that it exists is said
    assert problems[4][1] == {"customer": []}


def test_a_file_of_the_east_leaves_the_customer_of_the_west_alone(imported, staff):
    west = row(1, team="west-1").replace("13812345678", "13812345671")
    imported(west, by=staff.quinn)
    before = Customer.objects.values().get()

    event_import = imported(row(2).replace("C-2", "C-1").replace(",1,fridge", ",0,fridge"), row(1))

    assert counts(event_import) == (2, 0, 0)
    assert Customer.objects.values().get(pk=before["id"]) == before
    own = Customer.objects.exclude(pk=before["id"]).get()
    assert own.events.count() == 2
    assert [consent.is_granted for consent in Customer.objects.get(pk=before["id"]).consents.all()] == [True]


def test_files_name_the_sources_of_their_team_only(checked, organisation, staff):
    Team.objects.filter(pk=organisation.east.pk).update(sources=["erp"])
    Team.objects.filter(pk=organisation.east_1.pk).update(sources=["desk"])

    of_the_region, of_all = checked(row(1)), checked(row(1), by=staff.quinn)

    assert reasons(of_the_region) == {2: "source: Unknown. Known are: erp"}
    assert counts(checked(row(1).replace("crm", "erp", 1))) == (1, 0, 0)
    assert counts(of_all) == (1, 0, 0)


def test_rows_of_a_colleague_who_is_gone_are_not_taken_in_without_limit(upload):
    event_import = upload(row(1))
    EventImport.objects.update(requested_by=None)

    run_imports(clock=database_now)

    event_import.refresh_from_db()
    assert event_import.status == "failed"
    with pytest.raises(DomainError, match="may no longer"):
        sender_of(event_import)


@pytest.mark.parametrize("who", ["ellen", "max", "vera"])
def test_only_those_who_may_import_do(upload, staff, who):
    with pytest.raises(DomainError, match="You may not import"):
        upload(row(1), by=getattr(staff, who))


def test_what_a_colleague_may_no_longer_do_the_background_does_not_do_for_them(upload, staff):
    event_import = upload(row(1))
    staff.ada.groups.clear()

    run_imports(clock=database_now)

    event_import.refresh_from_db()
    assert (event_import.status, event_import.error) == (
        "failed",
        "The person who started this import may no longer import service events.",
    )


def test_the_file_is_kept_sealed(upload):
    upload(row(1))

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM service_events_eventimportpart t")
        stored = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(t::text, '') FROM service_events_eventimport t")
        stored += cursor.fetchone()[0]
    assert "13812345678" not in stored
    assert b"13812345678".hex() not in stored


def test_cells_that_have_slipped_are_not_repeated_in_reasons(checked):
    slipped = f"{row(1)},13812345678"
    event_import = checked(data=f"{HEADINGS},priority\n{slipped}".encode())

    assert reasons(event_import) == {2: "priority: Unknown. Known are: routine, urgent"}


@pytest.mark.parametrize(
    ("data", "mapping", "sentence"),
    [
        (b"", {}, "The file has no headings."),
        (HEADINGS.encode(), {}, "The file has headings and no rows."),
        ((HEADINGS + ",colour\n1").encode(), {}, "The file has unknown columns: colour. Known are: "),
        (
            HEADINGS.replace(",team", "").replace("kind,", "").encode() + b"\n1",
            {},
            "The file has no column kind, team.",
        ),
        (
            HEADINGS.encode() + "\n1,工单".encode("gbk") + b"\n",
            {"columns": {"team": "depot"}},
            "The file has no column depot.",
        ),
        (
            b"a\n1",
            {"create_missing": {"kinds": True}},
            "Only the command line understands this part of a mapping: create_missing.",
        ),
        (
            b"a\n1",
            {"contacts": {"make_up": True}},
            "Only the command line understands this part of a mapping: contacts.",
        ),
        (b"a\n" + b"1\n" * 2_600_000, {}, "The file is larger than 5 MB."),
    ],
    ids=["empty", "no rows", "unknown", "missing", "mapping", "creating", "inventing", "large"],
)
def test_a_file_that_is_not_understood_is_refused_before_anything_is_stored(upload, data, mapping, sentence):
    with pytest.raises(DomainError) as caught:
        upload(data=data, mapping=mapping)

    assert str(caught.value).startswith(sentence)
    assert not EventImport.objects.exists()


def test_chinese_headings_dates_without_offset_and_gbk_need_no_mapping(imported):
    lines = [
        "来源系统;工单号;服务类型;服务渠道;团队;客户编号;受理时间;产品线",
        "crm;9;after_sales_repair;phone;east-1;C-9;2026-01-05 09:00;冰箱",
    ]

    event_import = imported(data="\r\n".join(lines).encode("gbk"), mapping={"time_zone": "Asia/Shanghai"})

    event = ServiceEvent.objects.get()
    assert counts(event_import) == (1, 0, 0)
    assert (event.product_line, event.opened_at.isoformat()) == ("冰箱", "2026-01-05T01:00:00+00:00")


def test_a_row_that_the_database_refuses_is_listed_and_the_others_are_taken_in(imported):
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE service_events_serviceevent ADD CONSTRAINT no_poison CHECK (product_line <> "
            "'poison')"
        )

    event_import = imported(row(1), row(2, product="poison"), row(3))

    assert counts(event_import) == (2, 0, 1)
    assert reasons(event_import) == {
        3: "The database refuses this row: a value is too long or contradicts another."
    }


def test_long_work_pauses_between_chunks_and_goes_on(upload, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 2)
    event_import = upload(*[row(number) for number in range(5)])
    held = IMPORTS.claim(at=database_now())

    with kept_file(held) as stream:
        is_whole = run_file(
            held, stream, Run(clock=database_now, limits=running.FileLimits(**_UPLOAD), stop_at=0.0)
        )

    event_import.refresh_from_db()
    assert (is_whole, event_import.position, event_import.rows_total, STRETCH_SECONDS > 1) == (
        False,
        2,
        5,
        True,
    )
    assert IMPORTS.claim(at=database_now()) is None
    assert IMPORTS.claim(at=database_now() + timedelta(minutes=2)) == event_import


_UPLOAD = {"size": 10**6, "unpacked": 10**6, "rows": 1000, "child_memory": 10**9, "child_seconds": 10}


def test_a_chunk_under_a_lost_lease_does_not_commit(upload):
    event_import = upload(row(1))
    held = IMPORTS.claim(at=database_now())
    EventImport.objects.update(lease_id=uuid7(), is_dry_run=False)

    with kept_file(held) as stream, pytest.raises(LeaseLostError):
        run_file(held, stream, Run(clock=database_now, limits=running.FileLimits(**_UPLOAD)))

    event_import.refresh_from_db()
    assert (event_import.position, ServiceEvent.objects.count()) == (0, 0)


def test_what_takes_its_worker_down_three_times_ends_with_a_sentence(upload):
    event_import = upload(row(1))
    at = database_now()
    EventImport.objects.update(is_dry_run=False)

    for minutes in (0, 2, 4, 6):
        IMPORTS.claim(at=at + timedelta(minutes=minutes))

    event_import.refresh_from_db()
    assert (event_import.status, event_import.parts.count()) == ("failed", 0)
    assert event_import.error == "The import was interrupted three times after row 0. Split the file there."
    assert AccessLogEntry.objects.get().subject_id == str(event_import.pk)


def test_a_cancelled_import_keeps_what_it_took_in_and_cannot_go_on(checked, staff):
    event_import = checked(row(1))

    cancel_import(event_import=event_import, at=database_now())
    cancel_import(event_import=event_import, at=database_now())

    assert (event_import.status, event_import.parts.count()) == ("cancelled", 0)
    with pytest.raises(ConflictError):
        confirm_import(event_import=event_import, by=staff.ada, at=database_now())


def test_a_go_counts_once_and_an_ended_import_cannot_be_cancelled(imported, staff):
    event_import = imported(row(1))

    with pytest.raises(ConflictError):
        confirm_import(event_import=event_import, by=staff.ada, at=database_now())
    with pytest.raises(ConflictError):
        cancel_import(event_import=event_import, at=database_now())


def test_what_was_checked_and_forgotten_is_cancelled_after_a_day_and_gone_after_three_months(checked):
    event_import = checked(row(1))

    assert remove_forgotten(at=database_now()) == 0
    assert remove_forgotten(at=database_now() + timedelta(days=2)) == 1
    event_import.refresh_from_db()
    assert (event_import.status, event_import.parts.count()) == ("cancelled", 0)
    remove_forgotten(at=database_now() + timedelta(days=100))
    assert not EventImport.objects.exists()


def test_reasons_are_in_the_language_of_the_one_who_asked(checked):
    event_import = checked(row(1).replace("phone", "pigeon"), language="zh-hans")

    assert reasons(event_import)[2].startswith("channel")
    assert "Unknown" not in reasons(event_import)[2]
