"""Publishing: the draft's rows become one frozen JSON document, the version that customers answer."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.exceptions import DomainError
from feedback_site.questionnaires.document import Document, write_document
from feedback_site.questionnaires.models import Questionnaire, QuestionnaireVersion
from feedback_site.questionnaires.services.publishing.comparing import Changes, compare_documents
from feedback_site.questionnaires.services.publishing.compiling import compile_draft
from feedback_site.questionnaires.services.publishing.faults import (
    find_faults,
    is_allowed_redirect,
)
from feedback_site.questionnaires.services.publishing.open_faults import (
    OWN,
    faults_where_open,
    find_open_faults,
)
from feedback_site.questionnaires.services.publishing.reviewing import Estimate, estimate_time, find_warnings

__all__ = [
    "OWN",
    "Review",
    "draft_faults",
    "find_faults",
    "find_open_faults",
    "is_allowed_redirect",
    "latest_version",
    "publish_questionnaire",
    "review_draft",
]


@transaction.atomic
def publish_questionnaire(
    *, questionnaire: Questionnaire, by: User | None, at: datetime
) -> QuestionnaireVersion:
    """Freeze the draft into the next version and return it; an unchanged draft returns the latest version.

    Raises `DomainError` naming every fault by question; `extra["faults"]`
    holds `{"question", "message"}` (question empty: the whole).
    """
    draft = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if draft.archived_at is not None:
        raise DomainError(_("This questionnaire is archived. Restore it before publishing."))
    content = compile_draft(draft)
    faults = list(find_faults(content)) or faults_where_open(draft, content)
    if faults:
        raise DomainError(
            _("This questionnaire cannot be published yet: %(faults)s")
            % {"faults": " ".join(message for _key, message in faults)},
            {"faults": [{"question": key, "message": message} for key, message in faults]},
        )
    latest = latest_version(draft)
    if latest is not None and _says_the_same(latest, content):
        return latest
    number = 1 if latest is None else latest.number + 1
    return QuestionnaireVersion.objects.create(
        questionnaire=draft,
        number=number,
        document=write_document(replace(content, number=number)),
        breaks=compare_documents(latest.content if latest else None, content).breaks,
        published_at=at,
        published_by=by,
    )


def latest_version(questionnaire: Questionnaire) -> QuestionnaireVersion | None:
    """Return the version that new invitations use, None before the first publication."""
    return questionnaire.versions.order_by("-number").first()


def _says_the_same(version: QuestionnaireVersion, document: Document) -> bool:
    """Say whether publishing a document again would change nothing but what staff call it."""
    published = version.content
    return published == replace(document, number=published.number, name=published.name)


@dataclass(frozen=True)
class Review:
    """What an author sees before publishing.

    Faults and warnings are (question key, sentence); the key is empty for the whole.
    """

    document: Document
    faults: list[tuple[str, str]]
    warnings: list[tuple[str, str]]
    estimate: Estimate
    latest: QuestionnaireVersion | None
    changes: Changes

    @property
    def is_unchanged(self) -> bool:
        """Whether publishing would change nothing."""
        return self.latest is not None and _says_the_same(self.latest, self.document)


def review_draft(questionnaire: Questionnaire) -> Review:
    """Return what publishing the draft now would mean."""
    document, latest = compile_draft(questionnaire), latest_version(questionnaire)
    return Review(
        document=document,
        faults=list(find_faults(document)) or faults_where_open(questionnaire, document),
        warnings=list(find_warnings(document)),
        estimate=estimate_time(document),
        latest=latest,
        changes=compare_documents(latest.content if latest else None, document),
    )


def draft_faults(questionnaire: Questionnaire) -> list[str]:
    """Return a sentence for everything that keeps the draft from being published now."""
    content = compile_draft(questionnaire)
    faults = list(find_faults(content)) or faults_where_open(questionnaire, content)
    return [sentence for _key, sentence in faults]
