"""What people do with an evaluation record: one reviews it, another publishes it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Organisation, User
from feedback_site.common.exceptions import ConflictError
from feedback_site.evaluations.enums import RecordStatus
from feedback_site.evaluations.models import EvaluationRecord

REVIEWING = "evaluations.change_evaluationrecord"


@transaction.atomic
def review_record(*, record: EvaluationRecord, by: User, at: datetime) -> EvaluationRecord:
    """State that `by` has looked at the figures.

    ConflictError unless the record is calculated, or its reviewer may not review any more.
    """
    locked = _locked(record)
    if locked.status != RecordStatus.CALCULATED and not (
        locked.status == RecordStatus.REVIEWED and not is_review_valid(locked)
    ):
        raise ConflictError(_("Only a calculated record can be reviewed."), {"status": locked.status})
    locked.status, locked.reviewed_by, locked.reviewed_at = RecordStatus.REVIEWED, by, at
    locked.save(update_fields=["status", "reviewed_by", "reviewed_at"])
    return locked


@transaction.atomic
def publish_record(*, record: EvaluationRecord, by: User, at: datetime) -> EvaluationRecord:
    """Publish and thereby freeze a record.

    ConflictError unless it was reviewed by a person who may still do so, and by another
    person than `by` where the organisation's settings do not say that one is enough.
    """
    locked = _locked(record)
    if locked.status != RecordStatus.REVIEWED:
        raise ConflictError(_("Only a reviewed record can be published."), {"status": locked.status})
    if not is_review_valid(locked):
        raise ConflictError(
            _(
                "The person who reviewed this record may not review records any more: it has to be reviewed "
                "again."
            )
        )
    is_by_one_person = locked.reviewed_by_id == by.pk
    if is_by_one_person and not Organisation.objects.current().one_person_publishes:
        raise ConflictError(_("You have reviewed this record: another person has to publish it."))
    locked.status, locked.published_by, locked.published_at = RecordStatus.PUBLISHED, by, at
    locked.is_by_one_person = is_by_one_person
    locked.save(update_fields=["status", "published_by", "published_at", "is_by_one_person"])
    return locked


def may_publish(*, record: EvaluationRecord, by: User) -> bool:
    """Return whether `by` may publish: it is reviewed, by another person or where one is enough."""
    if record.status != RecordStatus.REVIEWED or not is_review_valid(record):
        return False
    return record.reviewed_by_id != by.pk or Organisation.objects.current().one_person_publishes


def is_review_valid(record: EvaluationRecord) -> bool:
    """Return whether the person who reviewed the record may still do so.

    The review of an account that was closed or moved does not count.
    """
    reviewer = record.reviewed_by
    return reviewer is not None and reviewer.is_active and reviewer.has_perm(REVIEWING)


def _locked(record: EvaluationRecord) -> EvaluationRecord:
    rows = EvaluationRecord.objects.select_for_update(of=("self",)).select_related("reviewed_by")
    return rows.get(pk=record.pk)
