"""What the database refuses."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import Model

from feedback_site.evaluations.enums import Grade, PeriodKind, RecordStatus, SubjectKind
from feedback_site.evaluations.models import (
    Dimension,
    EvaluationRecord,
    EvaluationScheme,
    Indicator,
    Measurement,
    RecordLine,
    SchemeItem,
)
from feedback_site.service_events.models import Agent
from tests.factories.evaluations.fixtures import NOVEMBER


def refused(name: str, row: Model) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        row.save(force_insert=True)


NAMES = {"en": "New"}


@pytest.fixture
def indicator(scheme):
    return Indicator.objects.get(slug="customer_satisfaction")


def make_indicator(**fields):
    facts = {
        "slug": "new",
        "names": NAMES,
        "dimension": Dimension.objects.first(),
        "unit": "percent",
        "direction": "higher",
        "baseline": 80,
        "target": 90,
        "source": "survey",
    }
    return Indicator(**(facts | fields))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("indicator_has_a_known_unit", {"unit": "miles"}),
        ("indicator_has_a_known_direction", {"direction": "sideways"}),
        ("indicator_has_a_known_source", {"source": "rumour"}),
        ("indicator_timed_has_a_rubric", {"unit": "minutes", "rubric": []}),
        ("indicator_has_known_kinds_of_subjects_and_periods", {"more_subject_kinds": ["customer"]}),
        ("indicator_has_known_kinds_of_subjects_and_periods", {"more_period_kinds": ["fortnight"]}),
        ("evaluations_indicator_slug_key", {"slug": "customer_satisfaction"}),
    ],
)
def test_an_indicator_is_refused(indicator, name, fields):
    refused(name, make_indicator(**fields))


def test_a_dimension_is_named_once(scheme):
    refused("evaluations_dimension_slug_key", Dimension(slug="touchpoint", names=NAMES))


def test_a_scheme_is_named_once_and_its_least_weight_is_a_share(scheme):
    refused("evaluations_evaluationscheme_slug_key", EvaluationScheme(slug="after_sales", names=NAMES))
    refused(
        "evaluationscheme_least_weight_is_a_share",
        EvaluationScheme(slug="new", names=NAMES, least_weight_covered=0),
    )
    refused(
        "evaluationscheme_least_weight_is_a_share",
        EvaluationScheme(slug="new", names=NAMES, least_weight_covered=101),
    )


def test_a_scheme_weighs_an_indicator_once_and_by_a_share(scheme, indicator):
    refused("schemeitem_weighs_an_indicator_once", SchemeItem(scheme=scheme, indicator=indicator, weight=5))
    other = make_indicator()
    other.save()
    refused("schemeitem_weight_is_a_share", SchemeItem(scheme=scheme, indicator=other, weight=0))
    refused("schemeitem_weight_is_a_share", SchemeItem(scheme=scheme, indicator=other, weight=101))


def make_measurement(indicator, team, noon, **fields):
    facts = {
        "period_kind": PeriodKind.MONTH,
        "period_start": NOVEMBER,
        "value": 4,
        "n": 50,
        "source": "survey",
        "measured_at": noon,
    }
    return Measurement(indicator=indicator, team=team, **(facts | fields))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("measurement_begins_its_period", {"period_kind": "fortnight"}),
        ("measurement_has_a_known_source", {"source": "rumour"}),
        ("measurement_without_cases_has_no_value", {"n": 0}),
        ("measurement_without_cases_has_no_value", {"value": None}),
        ("measurement_interval_holds_the_value", {"low": 4.1, "high": 5}),
        ("measurement_interval_holds_the_value", {"low": 3, "high": 3.9}),
        ("measurement_interval_holds_the_value", {"low": None, "high": 5}),
        ("measurement_interval_holds_the_value", {"low": 3, "high": None}),
        ("measurement_interval_holds_the_value", {"low": 3, "high": 5, "value": None, "n": 0}),
    ],
)
def test_a_measurement_is_refused(indicator, organisation, noon, name, fields):
    refused(name, make_measurement(indicator, organisation.east, noon, **fields))


def test_a_measurement_is_stated_once_per_period(indicator, organisation, noon):
    make_measurement(indicator, organisation.east, noon).save()

    refused("measurement_is_stated_once_per_period", make_measurement(indicator, organisation.east, noon))


@pytest.fixture
def keys(organisation):
    """One row of everything that a figure may be about."""
    agent = Agent.objects.create(source="crm", code="A17", team=organisation.east_1)
    return {
        "team": organisation.east_1,
        "agent": agent,
        "channel": organisation.phone,
        "kind": organisation.repair,
    }


# The keys that each kind of subject is stated with.
KNOWN_BY = {
    SubjectKind.TEAM: ["team"],
    SubjectKind.AGENT: ["agent team"],
    SubjectKind.CHANNEL: ["channel", "channel team"],
    SubjectKind.KIND: ["kind", "kind team"],
    SubjectKind.WHOLE: [""],
}


@pytest.mark.parametrize("kind", SubjectKind)
def test_a_subject_is_stated_by_exactly_its_keys_and_once(scheme, indicator, noon, keys, kind):
    names = sorted(keys)
    for number in range(2 ** len(names)):
        chosen = {name for place, name in enumerate(names) if number >> place & 1}
        about = {"team": None, "subject_kind": kind} | {name: keys[name] for name in chosen}
        for name, make in (
            ("measurement", lambda about=about: make_measurement(indicator, noon=noon, **about)),
            ("evaluationrecord", lambda about=about: make_record(scheme, **about)),
        ):
            if " ".join(sorted(chosen)) in KNOWN_BY[kind]:
                make().save()
                refused(f"{name}_(is_stated_once|has_one_unpublished)", make())
            else:
                refused(f"{name}_names_its_subject", make())


@pytest.mark.parametrize(
    ("kind", "start", "wrong"),
    [
        ("day", date(2026, 11, 24), None),
        ("week", date(2026, 11, 23), date(2026, 11, 24)),
        ("month", date(2026, 11, 1), date(2026, 11, 2)),
        ("quarter", date(2026, 10, 1), date(2026, 11, 1)),
        ("half_year", date(2026, 7, 1), date(2026, 10, 1)),
        ("year", date(2026, 1, 1), date(2026, 7, 1)),
    ],
)
def test_a_period_begins_on_its_first_day(scheme, indicator, organisation, noon, kind, start, wrong):
    make_measurement(indicator, organisation.east, noon, period_kind=kind, period_start=start).save()
    make_record(scheme, organisation.east, period_kind=kind, period_start=start).save()

    if wrong:
        fields = {"team": organisation.east, "period_kind": kind, "period_start": wrong}
        refused("measurement_begins_its_period", make_measurement(indicator, noon=noon, **fields))
        refused("evaluationrecord_begins_its_period", make_record(scheme, **fields))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("evaluationscheme_has_a_known_subject_kind", {"subject_kind": "customer"}),
        ("evaluationscheme_has_known_period_kinds", {"period_kinds": ["fortnight"]}),
        ("evaluationscheme_has_known_period_kinds", {"period_kinds": []}),
    ],
)
def test_a_scheme_evaluates_known_subjects_and_periods(db, name, fields):
    refused(name, EvaluationScheme(slug="new", names={"en": "New"}, **fields))


def make_record(scheme, team, **fields):
    facts = {"period_kind": PeriodKind.MONTH, "period_start": NOVEMBER}
    return EvaluationRecord(scheme=scheme, team=team, **(facts | fields))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("evaluationrecord_has_a_known_status", {"status": "lost"}),
        ("evaluationrecord_begins_its_period", {"period_kind": "fortnight"}),
        ("evaluationrecord_has_a_known_grade", {"grade": "superb", "score": 99}),
        ("evaluationrecord_grade_rests_on_a_score", {"grade": Grade.GOOD}),
        ("evaluationrecord_score_is_of_100", {"score": 101}),
        ("evaluationrecord_score_is_of_100", {"score": -1}),
        (
            "evaluationrecord_published_states_who_and_when",
            {"status": RecordStatus.PUBLISHED, "is_by_one_person": True},
        ),
    ],
)
def test_a_record_is_refused(scheme, organisation, name, fields):
    refused(name, make_record(scheme, organisation.east, **fields))


def test_a_record_is_stated_once_per_revision(scheme, organisation, staff, noon):
    published = {
        "status": RecordStatus.PUBLISHED,
        "reviewed_by": staff.root,
        "published_by": staff.quinn,
        "published_at": noon,
    }
    make_record(scheme, organisation.east, **published).save()

    refused(
        "evaluationrecord_is_stated_once_per_revision", make_record(scheme, organisation.east, **published)
    )


def test_a_period_has_one_unpublished_revision(scheme, organisation):
    make_record(scheme, organisation.east).save()

    refused(
        "evaluationrecord_has_one_unpublished_revision", make_record(scheme, organisation.east, revision=2)
    )


def test_a_line_states_an_indicator_once_with_a_score_of_100(scheme, organisation, indicator):
    record = make_record(scheme, organisation.east)
    record.save()
    refused(
        "recordline_score_is_of_100",
        RecordLine(record=record, indicator=indicator, weight=20, score=Decimal("100.001")),
    )
    RecordLine.objects.create(record=record, indicator=indicator, weight=20)

    refused("recordline_states_an_indicator_once", RecordLine(record=record, indicator=indicator, weight=20))


@pytest.fixture
def published(scheme, organisation, indicator, staff, noon):
    record = make_record(scheme, organisation.east, score=80, grade=Grade.GOOD)
    record.save()
    RecordLine.objects.create(record=record, indicator=indicator, weight=20)
    record.status, record.published_by, record.published_at = RecordStatus.PUBLISHED, staff.quinn, noon
    record.reviewed_by = staff.root
    record.save()
    return record


def test_a_published_record_can_be_neither_changed_nor_deleted(published):
    for change in (
        lambda: EvaluationRecord.objects.update(score=90),
        lambda: EvaluationRecord.objects.all()._raw_delete("default"),
    ):
        with (
            pytest.raises(
                ProgrammingError, match="Cannot update or delete rows from evaluations_evaluationrecord"
            ),
            transaction.atomic(),
        ):
            change()


def test_lines_of_a_published_record_are_frozen(published, scheme, organisation, indicator):
    other = make_record(scheme, organisation.west)
    other.save()
    changes = (
        lambda: RecordLine.objects.update(n=9),
        lambda: RecordLine.objects.update(record=other),
        lambda: RecordLine.objects.all().delete(),
        lambda: RecordLine.objects.create(
            record=published, indicator=Indicator.objects.get(slug="triage_accuracy"), weight=10
        ),
    )
    for change in changes:
        with (
            pytest.raises(IntegrityError, match="a published evaluation record is frozen"),
            transaction.atomic(),
        ):
            change()
