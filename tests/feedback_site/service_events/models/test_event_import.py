"""What the database itself refuses of an import."""

import pytest
from django.db import IntegrityError, transaction

from feedback_site.service_events.models import EventImport, EventImportPart, EventImportProblem
from tests.factories.service_events.case import write_import


@pytest.fixture
def event_import(organisation, noon):
    return write_import(team=organisation.east_1, canary="file", at=noon)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"origin": "post"}, "eventimport_has_a_known_origin"),
        ({"status": "lost"}, "eventimport_has_a_known_status"),
        ({"position": 3}, "eventimport_says_what_became_of_each_row"),
        ({"rows_total": 3}, "eventimport_that_is_over_is_whole"),
        ({"rows_total": None}, "eventimport_that_is_over_is_whole"),
        ({"is_dry_run": False}, "eventimport_that_is_checked_changed_nothing"),
    ],
)
def test_an_import_contradicts_itself_nowhere(event_import, changes, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        EventImport.objects.filter(pk=event_import.pk).update(**changes)


def test_one_command_runs_one_file(event_import, noon, organisation):
    other = write_import(team=organisation.east_1, canary="other", at=noon)
    EventImport.objects.filter(pk=event_import.pk).update(
        origin="command", status="running", fingerprint=b"x" * 32
    )

    with (
        pytest.raises(IntegrityError, match="eventimport_by_command_runs_once_per_file"),
        transaction.atomic(),
    ):
        EventImport.objects.filter(pk=other.pk).update(
            origin="command", status="running", fingerprint=b"x" * 32
        )


def test_a_line_is_listed_once_and_a_part_has_its_place(event_import):
    EventImportPart.objects.create(event_import=event_import, number=0, content_sealed=b"x")

    with pytest.raises(IntegrityError, match="eventimportproblem_lists_a_line_once"), transaction.atomic():
        EventImportProblem.objects.create(event_import=event_import, line=3, reason="again")
    with pytest.raises(IntegrityError, match="eventimportpart_has_its_place"), transaction.atomic():
        EventImportPart.objects.create(event_import=event_import, number=0, content_sealed=b"x")
