"""The files: on record when they are taken, gone after a week."""

import os
from datetime import timedelta

import pytest

from feedback_site.accounts.enums import Role
from feedback_site.accounts.models import AccessLogEntry, Team, User
from feedback_site.accounts.services import assign_role
from feedback_site.common.exceptions import ConflictError, NotAllowedError
from feedback_site.dashboards.enums import ExportAccess
from feedback_site.dashboards.exceptions import GoneError
from feedback_site.dashboards.models import Export
from feedback_site.dashboards.services.exporting import open_export, remove_expired, remove_leftovers
from tests.factories.dashboards.export_files import write_export


@pytest.fixture
def ready(staff, noon, export_folder):
    return write_export(by=staff.ellen, text="a,b", at=noon)


def test_a_download_is_on_record(ready, staff, noon):
    file = open_export(export=ready, by=staff.ellen, at=noon)

    entry = AccessLogEntry.objects.get()
    assert (file.path.read_text(), file.name) == ("a,b", "responses-2026-11-20.csv")
    assert (entry.action, entry.subject_id, entry.actor) == (
        ExportAccess.EXPORT_DOWNLOADED,
        str(ready.pk),
        f"user:{staff.ellen.pk}",
    )


def test_an_export_that_waits_is_not_ready(cases, staff, ask_for, noon):
    with pytest.raises(ConflictError, match="still running"):
        open_export(export=ask_for(staff.ellen), by=staff.ellen, at=noon)


def test_after_seven_days_the_file_goes_and_the_row_stays(ready, staff, noon, export_folder):
    too_early, in_time = (
        remove_expired(at=noon + timedelta(days=6)),
        remove_expired(at=noon + timedelta(days=7)),
    )

    ready.refresh_from_db()
    assert (too_early, in_time, list(export_folder.iterdir()), ready.file_name) == (0, 1, [], "")
    with pytest.raises(GoneError, match="seven days"):
        open_export(export=ready, by=staff.ellen, at=noon + timedelta(days=7))


def test_an_expired_file_is_not_handed_over_even_while_it_lies_there(ready, staff, noon):
    with pytest.raises(GoneError):
        open_export(export=ready, by=staff.ellen, at=noon + timedelta(days=7))

    assert not AccessLogEntry.objects.exists()


def test_what_a_killed_worker_left_goes_after_a_day(ready, noon, export_folder):
    for name, age in (
        ("old.csv.part", timedelta(days=2)),
        ("young.csv.part", timedelta(hours=1)),
        (ready.file_name, timedelta(days=2)),
    ):
        (export_folder / name).write_text("x")
        os.utime(export_folder / name, ((noon - age).timestamp(),) * 2)

    removed = remove_leftovers(at=noon)

    assert (removed, {path.name for path in export_folder.iterdir()}) == (
        1,
        {"young.csv.part", ready.file_name},
    )
    assert Export.objects.count() == 1


HOW = (
    "moved to another team",
    "moved above",
    "demoted",
    "deactivated",
    "team moved away",
    "made before scopes were noted",
)


@pytest.mark.parametrize("how", HOW)
def test_a_file_is_handed_over_only_to_who_sees_its_rows_today(staff, organisation, noon, how):
    """Ada headed region east when the file was made."""
    export = write_export(by=staff.ada, text="a,b", at=noon)
    assert open_export(export=export, by=User.objects.get(pk=staff.ada.pk), at=noon).path.is_file()
    changes = {
        "moved to another team": lambda: assign_role(
            user=staff.ada, role=Role.SURVEY_STAFF, team=organisation.west
        ),
        "moved above": lambda: assign_role(user=staff.ada, role=Role.QUALITY_MANAGEMENT, team=None),
        "demoted": lambda: assign_role(user=staff.ada, role=Role.MANAGEMENT, team=None),
        "deactivated": lambda: User.objects.filter(pk=staff.ada.pk).update(is_active=False),
        "team moved away": lambda: Team.objects.filter(pk=organisation.east_1.pk).update(
            parent=organisation.west
        ),
        "made before scopes were noted": lambda: Export.objects.update(teams=None),
    }
    changes[how]()
    export.refresh_from_db()
    today = User.objects.get(pk=staff.ada.pk)

    if how == "moved above":
        assert open_export(export=export, by=today, at=noon).path.is_file()
    else:
        with pytest.raises(NotAllowedError):
            open_export(export=export, by=today, at=noon)


def test_no_reader_is_handed_the_file_of_another(ready, staff, noon):
    with pytest.raises(NotAllowedError):
        open_export(export=ready, by=staff.quinn, at=noon)
