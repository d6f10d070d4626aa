"""The life of an evaluation record after its figures: reviewed, then published, which freezes it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.exceptions import ConflictError
from feedback_site.evaluations.enums import RecordStatus
from feedback_site.evaluations.models import EvaluationRecord


@transaction.atomic
def review_record(*, record: EvaluationRecord, by: User, at: datetime) -> EvaluationRecord:
    """State that somebody has looked at the figures. ConflictError unless the record is calculated."""
    locked = EvaluationRecord.objects.select_for_update().get(pk=record.pk)
    if locked.status != RecordStatus.CALCULATED:
        raise ConflictError(_("Only a calculated record can be reviewed."), {"status": locked.status})
    locked.status, locked.reviewed_by, locked.reviewed_at = RecordStatus.REVIEWED, by, at
    locked.save(update_fields=["status", "reviewed_by", "reviewed_at"])
    return locked


@transaction.atomic
def publish_record(*, record: EvaluationRecord, by: User, at: datetime) -> EvaluationRecord:
    """Publish and thereby freeze a record. ConflictError unless it was reviewed."""
    locked = EvaluationRecord.objects.select_for_update().get(pk=record.pk)
    if locked.status != RecordStatus.REVIEWED:
        raise ConflictError(_("Only a reviewed record can be published."), {"status": locked.status})
    locked.status, locked.published_by, locked.published_at = RecordStatus.PUBLISHED, by, at
    locked.save(update_fields=["status", "published_by", "published_at"])
    return locked
