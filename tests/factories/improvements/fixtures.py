"""Problems and actions of east-1, measured and planned in November 2026."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from feedback_site.customers.models import Customer
from feedback_site.evaluations.models import (
    EvaluationRecord,
    EvaluationScheme,
    Indicator,
    Measurement,
    RecordLine,
)
from feedback_site.evaluations.rules import Subject
from feedback_site.evaluations.services import record_measurement
from feedback_site.improvements.enums import ProblemSource, ProofKind
from feedback_site.improvements.services import finish_action, open_problem, plan_action
from feedback_site.service_events.models import ServiceEvent

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
NEW_YEAR = datetime(2027, 1, 4, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english():
    """Sentences are compared in the source language."""
    with translation.override("en"):
        yield


@pytest.fixture
def satisfaction(organisation) -> Indicator:
    return Indicator.objects.get(slug="customer_satisfaction")


@pytest.fixture
def event(organisation, noon) -> ServiceEvent:
    return ServiceEvent.objects.create(
        source="crm",
        external_id="T-1",
        kind=organisation.complaint,
        channel=organisation.phone,
        team=organisation.east_1,
        credited_team=organisation.east_1,
        customer=Customer.objects.create(source="crm", external_id="C-1"),
        status="completed",
        opened_at=noon - timedelta(hours=2),
        completed_at=noon,
        content_hash=b"0" * 32,
    )


@pytest.fixture
def state(organisation, noon):
    """State a problem by hand."""

    def state(team=None, *, at=noon, **facts):
        facts = {"source": ProblemSource.MANUAL, "manifestation": "Customers wait at the door", **facts}
        return open_problem(team=team or organisation.east_1, at=at, **facts)

    return state


@pytest.fixture
def plan(staff, satisfaction, noon):
    """Plan an action, by default one that a later satisfaction of 4.2 proves; `done_at` finishes it."""

    def plan(problem, *, at=noon, done_at=None, **facts):
        defaults = {
            "measure": "Call half an hour ahead",
            "owner": staff.ellen,
            "due_on": date(2026, 11, 30),
            "proof_kind": ProofKind.MEASUREMENT,
            "standard_indicator": satisfaction,
            "standard_value": Decimal("4.2"),
        }
        if facts.get("proof_kind") == ProofKind.VISIT:
            defaults |= {"standard_indicator": None, "standard_value": None}
        action = plan_action(problem=problem, **{**defaults, **facts}, at=at)
        return finish_action(action=action, at=done_at) if done_at else action

    return plan


@pytest.fixture
def measure(organisation, satisfaction, noon):
    """Measure an indicator of a team in a period."""

    def measure(value, n, *, team=None, indicator=None, kind="month", start=DECEMBER) -> Measurement:
        chosen = indicator or satisfaction
        return record_measurement(
            indicator=chosen,
            subject=Subject.team((team or organisation.east_1).pk),
            period_kind=kind,
            period_start=start,
            value=Decimal(value),
            n=n,
            source=chosen.source,
            at=noon,
        )

    return measure


@pytest.fixture
def put_on_record(organisation, staff, satisfaction, noon):
    """Write a record with one line, and the measurement that the line states."""

    def put_on_record(
        value, n, *, team=None, indicator=None, kind="month", start=NOVEMBER, status="calculated", revision=1
    ):
        team, indicator = team or organisation.east_1, indicator or satisfaction
        published = (
            {"reviewed_by": staff.quinn, "published_at": noon, "published_by": staff.max}
            if status == "published"
            else {}
        )
        record = EvaluationRecord.objects.create(
            scheme=EvaluationScheme.objects.get(slug="after_sales"),
            team=team,
            period_kind=kind,
            period_start=start,
            revision=revision,
            status="draft" if status == "published" else status,
            calculated_at=noon,
        )
        RecordLine.objects.create(
            record=record, indicator=indicator, weight=20, value=Decimal(value), n=n, source=indicator.source
        )
        if published:
            EvaluationRecord.objects.filter(pk=record.pk).update(status=status, **published)
        figures = {"value": Decimal(value), "n": n, "source": indicator.source, "measured_at": noon}
        return Measurement.objects.update_or_create(
            indicator=indicator, team=team, period_kind=kind, period_start=start, defaults=figures
        )[0]

    return put_on_record


@pytest.fixture
def visit(client):
    """Open an address, or post `data` to it and follow, as a member of staff."""

    def visit(user, url, *args, data=None):
        client.force_login(user)
        client.cookies["django_language"] = "en"
        address = url if url.startswith("/") else reverse(url, args=args)
        return client.get(address) if data is None else client.post(address, data, follow=True)

    return visit
