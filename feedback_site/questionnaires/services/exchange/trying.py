"""What would come of a questionnaire, found out without keeping anything."""

from dataclasses import replace

from django.db import transaction

from feedback_site.common.ids import uuid7
from feedback_site.questionnaires.document import Document
from feedback_site.questionnaires.services.exchange.importing import import_document
from feedback_site.questionnaires.services.publishing import draft_faults


def faults_after_import(document: Document) -> list[str]:
    """Return what would still keep the draft of a sound document from being published."""
    with transaction.atomic():
        # Under a name that no other person has: whether its own is free is another question.
        draft = import_document(document=replace(document, slug=f"try-{uuid7()}"), team=None)
        faults = draft_faults(draft)
        transaction.set_rollback(True)
    return faults
