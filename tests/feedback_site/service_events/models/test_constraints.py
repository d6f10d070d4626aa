from datetime import time, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from feedback_site.accounts.models import ApiKey
from feedback_site.common.week_hours import WEEKDAY_NAMES
from feedback_site.service_events.models import (
    Agent,
    CalendarDay,
    IdempotencyKey,
    ServiceChannel,
    ServiceEvent,
    ServiceEventTransition,
    ServiceKind,
    WorkingCalendar,
)
from feedback_site.service_events.services import record_service_event


@pytest.fixture
def event(submission, noon):
    return record_service_event(submission=submission(), at=noon).event


def violates(name):
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"status": "melted"}, "serviceevent_has_a_known_status"),
        ({"priority": "never"}, "serviceevent_has_a_known_priority"),
        ({"complexity": "odd"}, "serviceevent_has_a_known_complexity"),
        ({"area": "moon"}, "serviceevent_has_a_known_area"),
        ({"level": 4}, "serviceevent_has_a_known_level"),
        ({"completed_at": None}, "serviceevent_completed_knows_when"),
    ],
)
def test_an_event_states_only_what_is_known(event, change, name):
    with violates(name), transaction.atomic():
        ServiceEvent.objects.update(**change)


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("first_response_at", "serviceevent_responded_after_it_opened"),
        ("completed_at", "serviceevent_completed_after_it_opened"),
    ],
)
def test_nothing_happens_before_an_event_opens(event, field, name):
    with violates(name), transaction.atomic():
        ServiceEvent.objects.update(**{field: event.opened_at - timedelta(seconds=1)})


def test_an_event_is_recorded_once_per_source(event):
    event.pk = None
    event.id = event._meta.pk.get_default()

    with violates("serviceevent_is_recorded_once_per_source"), transaction.atomic():
        event.save(force_insert=True)


def test_an_agent_is_known_once_per_source(event):
    with violates("agent_is_known_once_per_source"), transaction.atomic():
        Agent.objects.create(source="crm", code="A17", team=event.team)


@pytest.mark.parametrize("model", [ServiceKind, ServiceChannel])
def test_kinds_and_channels_have_their_own_slugs(organisation, model):
    known = model.objects.first()

    with violates("slug"), transaction.atomic():
        model.objects.create(slug=known.slug, names={"en": "Again", "zh-hans": "又"})


def test_a_transition_is_recorded_once(event, noon):
    known = event.transitions.get()

    with violates("serviceeventtransition_is_recorded_once"), transaction.atomic():
        ServiceEventTransition.objects.create(event=event, type=known.type, at=known.at, recorded_at=noon)


def test_a_transition_has_a_known_type(event, noon):
    with violates("serviceeventtransition_has_a_known_type"), transaction.atomic():
        ServiceEventTransition.objects.create(event=event, type="melted", at=noon, recorded_at=noon)


def test_transitions_are_only_added(event, noon):
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        ServiceEventTransition.objects.update(at=noon)
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        ServiceEventTransition.objects.all().delete()


def test_an_idempotency_key_names_one_request(api_key, noon):
    row = {
        "api_key": ApiKey.objects.get(),
        "value": "request-1",
        "request_hash": b"x" * 32,
        "created_at": noon,
    }
    IdempotencyKey.objects.create(**row)

    with violates("idempotencykey_names_one_request"), transaction.atomic():
        IdempotencyKey.objects.create(**row)


def test_a_day_is_stated_by_a_known_source_and_once(organisation):
    calendar = WorkingCalendar.objects.create(purpose="calls", team=organisation.east)
    CalendarDay.objects.create(date="2031-10-01", is_working=True)
    CalendarDay.objects.create(date="2031-10-01", is_working=True, calendar=calendar)

    with violates("calendarday_has_a_known_source"), transaction.atomic():
        CalendarDay.objects.create(date="2031-10-02", is_working=True, source="rumour")
    with violates("calendarday_published_holds_for_all"), transaction.atomic():
        CalendarDay.objects.create(date="2031-10-02", is_working=True, calendar=calendar, source="published")
    for of in (None, calendar):
        with violates("calendarday_is_stated_once"), transaction.atomic():
            CalendarDay.objects.create(date="2031-10-01", is_working=False, calendar=of)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"purpose": "naps"}, "has_a_known_purpose"),
        ({"purpose": "calls"}, "is_one_per_purpose_and_team"),
        ({"tuesday_from": time(18)}, "tuesday_ends_after_it_begins"),
        ({"friday_until": None}, "friday_ends_after_it_begins"),
        ({"sunday_until": time(9)}, "sunday_ends_after_it_begins"),
        ({f"{day}_{end}": None for day in WEEKDAY_NAMES for end in ("from", "until")}, "has_a_workday"),
    ],
)
def test_a_calendar_has_hours_that_can_be(db, fields, rule):
    WorkingCalendar.objects.create(purpose="calls")

    with violates(f"workingcalendar_{rule}"), transaction.atomic():
        WorkingCalendar.objects.create(**{"purpose": "visits"} | fields)
