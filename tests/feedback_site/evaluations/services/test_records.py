"""Reviewing and publishing."""

import pytest

from feedback_site.common.exceptions import ConflictError
from feedback_site.evaluations.enums import PeriodKind, RecordStatus
from feedback_site.evaluations.services import calculate_record, publish_record, review_record
from tests.feedback_site.evaluations.conftest import NOVEMBER


@pytest.fixture
def record(scheme, organisation, measure, noon):
    measure(organisation.east_1)
    return calculate_record(scheme=scheme, team=organisation.east_1, period_kind=PeriodKind.MONTH, period_start=NOVEMBER, at=noon)


def test_a_record_is_reviewed_and_then_published(record, staff, noon):
    reviewed = review_record(record=record, by=staff.quinn, at=noon)
    published = publish_record(record=record, by=staff.root, at=noon)

    assert (reviewed.status, reviewed.reviewed_by, reviewed.reviewed_at) == (RecordStatus.REVIEWED, staff.quinn, noon)
    assert (published.status, published.published_by, published.published_at) == (RecordStatus.PUBLISHED, staff.root, noon)


def test_what_nobody_reviewed_cannot_be_published(record, staff, noon):
    with pytest.raises(ConflictError, match="Only a reviewed record"):
        publish_record(record=record, by=staff.quinn, at=noon)


def test_a_record_is_reviewed_once(record, staff, noon):
    review_record(record=record, by=staff.quinn, at=noon)

    with pytest.raises(ConflictError, match="Only a calculated record"):
        review_record(record=record, by=staff.root, at=noon)


def test_a_record_is_published_once(record, staff, noon):
    review_record(record=record, by=staff.quinn, at=noon)
    publish_record(record=record, by=staff.quinn, at=noon)

    with pytest.raises(ConflictError, match="Only a reviewed record"):
        publish_record(record=record, by=staff.root, at=noon)
