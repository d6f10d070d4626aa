"""What was answered."""

import uuid
from collections.abc import Mapping
from typing import Any

from surveys.models import Response


def stored_answers(invitation_id: uuid.UUID) -> Mapping[str, Any]:
    """Return the answers on record for an invitation, none before it is answered."""
    return Response.objects.filter(pk=invitation_id).values_list("answers", flat=True).first() or {}
