"""Which surveys ask with a questionnaire."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from surveys.models import Survey


def active_surveys(questionnaire_id: int, at: datetime) -> QuerySet[Any]:
    """Return the survey rules that run, or start later."""
    return Survey.objects.filter(questionnaire_id=questionnaire_id, is_active=True).exclude(ends_at__lte=at)
