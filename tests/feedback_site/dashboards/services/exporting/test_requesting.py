"""Asking for an export: who may, which filters, and what is refused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.services import create_api_key
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.dashboards.enums import ExportKind, ExportStatus
from feedback_site.dashboards.models import Export
from feedback_site.dashboards.services.exporting import (
    SOURCES,
    cancel_export,
    count_rows,
    described_filters,
    may_export,
)
from feedback_site.service_events.models import ServiceEvent
from surveys.models import Invitation
from tests.factories.dashboards.export_files import write_export


def test_an_export_is_queued_for_the_one_who_asked(cases, staff, ask_for, noon):
    export = ask_for(staff.ellen, filters={"team": "east-1", "survey": ""})

    assert (export.requested_by, export.status, export.filters) == (
        staff.ellen,
        ExportStatus.QUEUED,
        {"team": "east-1"},
    )
    assert export.expires_at == noon + timedelta(days=7)
    assert list(Export.objects.for_user(staff.wei)) == []


@pytest.mark.parametrize(
    ("filters", "wrong"),
    [
        ({"answers": "1"}, "answers"),
        ({"invitation__customer__phone_index": "1"}, "invitation__customer__phone_index"),
        ({"from": "20.11.2026"}, "from"),
        ({"from": "20261120"}, "from"),
        ({"from": "2026-11-20", "to": "2026-11-19"}, "to"),
        ({"team": "west-1"}, "team"),
        ({"team": "\x00"}, "team"),
        ({"survey": ["after-service"]}, "survey"),
        ({"kind": "unheard-of"}, "kind"),
        ({"purpose": "marketing"}, "purpose"),
    ],
)
def test_wrong_filters_are_named(filters, wrong, cases, staff, ask_for):
    with pytest.raises(DomainError) as refused:
        ask_for(staff.ellen, filters=filters)

    assert list(refused.value.extra["fields"]) == [wrong]
    assert not Export.objects.exists()


def test_a_campaign_is_named_by_its_id_or_refused(cases, staff, ask_for):
    with pytest.raises(DomainError) as refused:
        ask_for(staff.quinn, ExportKind.NPS_MEMBERS, filters={"campaign": "not-a-uuid"})

    assert list(refused.value.extra["fields"]) == ["campaign"]


def test_an_export_of_nothing_is_refused(cases, staff, ask_for):
    with pytest.raises(DomainError, match="nothing to export"):
        ask_for(staff.ellen, filters={"to": "2020-01-01"})


@pytest.mark.parametrize("who", ["max", "vera"])
def test_who_sees_no_single_cases_exports_none(who, cases, staff, ask_for):
    with pytest.raises(DomainError, match="may not export"):
        ask_for(getattr(staff, who))


@pytest.mark.parametrize("kind", ExportKind)
def test_a_key_needs_the_grant_to_export_and_the_one_that_reads_the_rows(kind, organisation, noon):
    def key_with(*grants):
        return create_api_key(name="key", grants=grants)[0]

    assert may_export(key_with(Grant.EXPORTS_WRITE, SOURCES[kind].grant), kind, at=noon)
    assert not may_export(key_with(Grant.EXPORTS_WRITE), kind, at=noon)
    assert not may_export(key_with(SOURCES[kind].grant), kind, at=noon)


def test_an_expired_key_exports_nothing(organisation, noon):
    key, _clear = create_api_key(name="key", grants=list(Grant), expires_at=noon)

    assert not may_export(key, ExportKind.RESPONSES, at=noon)


@pytest.mark.parametrize(
    ("kind", "filters", "count"),
    [
        (
            ExportKind.RESPONSES,
            {"from": "2026-11-20", "to": "2026-11-20", "survey": "after-service", "purpose": "survey"},
            2,
        ),
        (ExportKind.RESPONSES, {"from": "2026-11-21"}, 0),
        (ExportKind.RESPONSES, {"team": "west", "kind": "after_sales_repair", "channel": "phone"}, 1),
        (ExportKind.RESPONSES, {"segment": "new"}, 0),
        (ExportKind.INVITATIONS, {"status": "answered", "purpose": "survey"}, 2),
        (ExportKind.INVITATIONS, {"status": "voided"}, 0),
        (ExportKind.SERVICE_EVENTS, {"status": "completed"}, 2),
        (ExportKind.SERVICE_EVENTS, {"status": "open"}, 0),
    ],
)
def test_filters_leave_the_rows_that_they_name(kind, filters, count, cases, staff):
    assert count_rows(kind=kind, filters=filters, principal=staff.quinn) == count


def test_a_day_begins_by_the_clock_of_the_team(cases, staff, organisation, noon):
    Invitation.objects.filter(team=organisation.east_1).update(service_event=None)
    moment = noon - timedelta(hours=12, minutes=1)
    ServiceEvent.objects.filter(team=organisation.east_1).update(opened_at=moment, completed_at=moment)

    on_the_19th = count_rows(
        kind=ExportKind.SERVICE_EVENTS,
        filters={"from": "2026-11-19", "to": "2026-11-19"},
        principal=staff.ellen,
    )
    type(organisation.east_1).objects.filter(pk=organisation.east_1.pk).update(time_zone="Asia/Tokyo")
    in_tokyo = count_rows(
        kind=ExportKind.SERVICE_EVENTS,
        filters={"from": "2026-11-20", "to": "2026-11-20"},
        principal=staff.ellen,
    )

    assert (on_the_19th, in_tokyo) == (1, 1)


def test_filters_read_as_words(organisation):
    assert (
        described_filters("service_events", {"team": "east-1", "from": "2026-11-01"})
        == "Counts for team: east-1, from: Nov. 1, 2026"
    )
    assert described_filters("return_visits", {"team": "east-1"}) == "team: east-1"


def test_a_waiting_export_is_cancelled_once_and_a_finished_one_never(cases, staff, ask_for, noon):
    waiting = ask_for(staff.ellen)
    ready = write_export(by=staff.ellen, text="x", at=noon)

    first, second = (
        cancel_export(export=waiting, at=noon),
        cancel_export(export=waiting, at=noon + timedelta(minutes=1)),
    )

    assert (first.status, second.finished_at) == (ExportStatus.CANCELLED, noon)
    with pytest.raises(ConflictError, match="ended already"):
        cancel_export(export=ready, at=noon)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("export_is_of_a_known_kind", {"kind": "customers"}),
        ("export_is_in_a_known_format", {"format": "pdf"}),
        ("export_has_a_known_status", {"status": "lost"}),
        ("export_is_asked_for_by_one", {"requested_by": None}),
        ("export_that_is_ready_is_whole", {"rows_done": 0}),
        ("export_that_is_ready_is_whole", {"finished_at": None}),
    ],
)
def test_the_database_refuses_what_cannot_be(name, changes, staff, noon, export_folder):
    export = write_export(by=staff.ellen, text="x", at=noon)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(**changes)
