"""Choices that forms of several apps offer alike."""

from typing import Any

from django.db.models import Q


def offer_questionnaires_in_use(form: Any) -> None:
    """Leave archived questionnaires out of a form's choices, but for the one that its row already has."""
    field = form.fields.get("questionnaire")
    if field is not None and field.queryset is not None:
        field.queryset = field.queryset.filter(
            Q(archived_at__isnull=True) | Q(pk=form.instance.questionnaire_id)
        )
