"""What of return visits asks with a questionnaire: surveys names it when staff want to archive one."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from visits.models import VisitPlan


def active_plans(questionnaire_id: int, at: datetime) -> QuerySet[Any]:
    """Return the plans whose script a questionnaire is."""
    del at  # a plan has no end of its own
    return VisitPlan.objects.filter(questionnaire_id=questionnaire_id, is_active=True)
