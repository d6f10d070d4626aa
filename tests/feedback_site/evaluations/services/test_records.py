"""Reviewing and publishing."""

import pytest
from django.db import IntegrityError, transaction

from feedback_site.accounts.models import Organisation, User
from feedback_site.common.exceptions import ConflictError
from feedback_site.evaluations.enums import RecordStatus
from feedback_site.evaluations.models import EvaluationRecord
from feedback_site.evaluations.services import publish_record, review_record
from tests.factories.evaluations.fixtures import current_record


@pytest.fixture
def record(scheme, organisation, measure, noon):
    measure(organisation.east_1)
    return current_record(scheme, organisation.east_1, at=noon)


def test_a_record_is_reviewed_and_then_published(record, staff, noon):
    reviewed = review_record(record=record, by=staff.quinn, at=noon)
    published = publish_record(record=record, by=staff.root, at=noon)

    assert (reviewed.status, reviewed.reviewed_by, reviewed.reviewed_at) == (
        RecordStatus.REVIEWED,
        staff.quinn,
        noon,
    )
    assert (published.status, published.published_by, published.published_at) == (
        RecordStatus.PUBLISHED,
        staff.root,
        noon,
    )


def test_what_was_not_reviewed_cannot_be_published(record, staff, noon):
    with pytest.raises(ConflictError, match="Only a reviewed record"):
        publish_record(record=record, by=staff.quinn, at=noon)


def test_a_record_is_reviewed_once(record, staff, noon):
    review_record(record=record, by=staff.quinn, at=noon)

    with pytest.raises(ConflictError, match="Only a calculated record"):
        review_record(record=record, by=staff.root, at=noon)


def test_a_record_is_published_once(record, staff, noon):
    review_record(record=record, by=staff.quinn, at=noon)
    publish_record(record=record, by=staff.root, at=noon)

    with pytest.raises(ConflictError, match="Only a reviewed record"):
        publish_record(record=record, by=staff.root, at=noon)


def test_the_same_person_does_not_review_and_publish(record, staff, noon):
    review_record(record=record, by=staff.quinn, at=noon)

    with pytest.raises(ConflictError, match="another person"):
        publish_record(record=record, by=staff.quinn, at=noon)

    record.refresh_from_db()
    assert (record.status, record.published_by) == (RecordStatus.REVIEWED, None)


def test_one_person_is_enough_where_a_setting_says_so_and_the_record_says_it(record, staff, noon):
    Organisation.objects.create(one_person_publishes=True)
    review_record(record=record, by=staff.quinn, at=noon)

    assert publish_record(record=record, by=staff.quinn, at=noon).is_by_one_person
    assert not Organisation().one_person_publishes


@pytest.mark.parametrize("changes", [{"is_active": False}, {"role": "management"}])
def test_a_review_by_an_account_that_was_closed_or_moved_does_not_count(record, staff, noon, changes):
    review_record(record=record, by=staff.quinn, at=noon)
    User.objects.filter(pk=staff.quinn.pk).update(**changes)
    if "role" in changes:
        staff.quinn.groups.clear()

    with pytest.raises(ConflictError, match="reviewed again"):
        publish_record(record=record, by=staff.root, at=noon)

    again = review_record(record=record, by=staff.root, at=noon)
    assert (again.status, again.reviewed_by) == (RecordStatus.REVIEWED, staff.root)


@pytest.mark.parametrize("reviewer", ["quinn", None])
def test_the_database_refuses_what_one_person_published(record, staff, noon, reviewer):
    facts = {"status": "published", "published_by": staff.quinn, "published_at": noon}

    with (
        pytest.raises(IntegrityError, match="evaluationrecord_published_by_another_person"),
        transaction.atomic(),
    ):
        EvaluationRecord.objects.filter(pk=record.pk).update(reviewed_by=reviewer and staff.quinn, **facts)
