"""What would come of a definition, found out without keeping anything."""

from typing import Any

from django.db import transaction

from feedback_site.common.ids import uuid7
from feedback_site.questionnaires.services.exchange.importing import import_definition
from feedback_site.questionnaires.services.publishing import draft_faults


def faults_after_import(definition: dict[str, Any]) -> list[str]:
    """Return what would still keep the draft of a sound definition from being published.

    Raises `DefinitionError`.
    """
    with transaction.atomic():
        # Under a name that no other person has: whether its own is free is another question.
        draft = import_definition(definition={**definition, "slug": f"try-{uuid7()}"}, team=None)
        faults = draft_faults(draft)
        transaction.set_rollback(True)
    return faults
