"""Keeps the files that a form brings, and puts their fingerprints into the form's fields.

So what reads answers knows nothing of files.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.common.photos import PhotoRefusedError, clean_photo
from feedback_site.customers.enums import FileType
from feedback_site.customers.services import fingerprint, keep_file
from feedback_site.questionnaires.questions import CompiledQuestion, Fields, InvalidAnswer, KeptQuestion
from feedback_site.questionnaires.questions.kept import Brought, FilesGiven, Uploads
from feedback_site.questionnaires.services.kept_fields import is_answered, shown_again, together
from surveys.models import Invitation, ResponseFile

# What one link may leave with us, mistakes included.
MOST_FILES = 20
_TYPES = {
    "jpeg": FileType.JPEG,
    "png": FileType.PNG,
    "pdf": FileType.PDF,
    "svg": FileType.SVG,
    "text": FileType.TEXT,
}
_PHOTOS = {"jpeg", "png", "heic"}


class BusyError(Exception):
    """More photos arrive than can be looked at: the form has to be sent again."""


def take_files(
    *,
    invitation_id: uuid.UUID,
    questions: Sequence[CompiledQuestion],
    fields: Fields,
    uploads: Uploads,
    at: datetime,
) -> dict[str, Sequence[str]]:
    """Keep what a form brings and return its fields with the fingerprints of all that is kept.

    What cannot be kept becomes a sentence in the active language at its
    question. A link that takes no more answers keeps nothing, and its
    fingerprints still tell whether the same was given before. Raises BusyError.
    """
    taken: dict[str, Sequence[str]] = dict(fields)
    for_files = [question for question in questions if isinstance(question, KeptQuestion)]
    asked = [question for question in for_files if is_answered(question, fields, uploads)]
    known = _known(invitation_id) if asked else {}
    for question in asked:
        for part in (*question.parts, "problem"):
            taken.pop(f"{question.key}.{part}", None)
        try:
            new = [(fingerprint(one.content), one) for one in question.brought(fields, uploads)]
            kept = question.claimed(fields)
            gone = [value for value in kept if value not in known[question.key]]
            taken[question.key] = together(
                question, [value for value in kept if value not in gone], [value for value, _one in new]
            )
            missing = [(value, one) for value, one in new if value not in known[question.key]]
            _refuse_too_many(question, taken[question.key], is_gone=bool(gone) and not new)
            _keep(invitation_id, question.key, missing, at)
        except InvalidAnswer as error:
            # What was kept before stays, what was written is shown
            # again, and what arrived now has to be given again.
            taken |= {f"{question.key}.problem": [str(error)], **shown_again(question, fields)}
            taken[question.key] = [word for word in question.words_in(fields) if word in known[question.key]]
    return taken


def take_over_files(*, invitation_id: uuid.UUID, question_key: str, given: FilesGiven, at: datetime) -> None:
    """Let what is kept belong to the response that names it. Call in the response's transaction."""
    files = ResponseFile.objects.filter(
        invitation_id=invitation_id, question_key=question_key, fingerprint__in=given.fingerprints
    )
    files.update(submitted_at=at)


def _known(invitation_id: uuid.UUID) -> Mapping[str, set[str]]:
    known: defaultdict[str, set[str]] = defaultdict(set)
    for key, value in ResponseFile.objects.filter(invitation_id=invitation_id).values_list(
        "question_key", "fingerprint"
    ):
        known[key].add(value)
    return known


def _refuse_too_many(question: KeptQuestion, given: Sequence[str], *, is_gone: bool) -> None:
    if is_gone:
        raise InvalidAnswer(_("What you added earlier is no longer available. Please add it again."))
    question.read({question.key: given})


def _keep(
    invitation_id: uuid.UUID, question_key: str, missing: Sequence[tuple[str, Brought]], at: datetime
) -> None:
    """Seal what is not kept yet, if the link still takes answers.

    Not while an answer by the same link is being stored.
    """
    if not missing:
        return
    waiting = Invitation.objects.filter(
        pk=invitation_id, answered_at__isnull=True, voided_at__isnull=True, expires_at__gt=at
    )
    if not waiting.exists():
        return
    # Cleaning a photo takes long, so it is done before the invitation is locked and looked at once more.
    cleaned = [(value, *_clean(one)) for value, one in missing]
    with transaction.atomic():
        if not waiting.select_for_update(no_key=True).values_list("pk").first():
            return
        files = ResponseFile.objects.filter(invitation_id=invitation_id)
        if files.count() + len(cleaned) > MOST_FILES:
            raise InvalidAnswer(_("This link has reached its limit of files."))
        for value, content_type, content in cleaned:
            if files.filter(question_key=question_key, fingerprint=value).exists():
                continue  # the same form, sent twice at a time
            file = keep_file(content=content, content_type=content_type, at=at)
            files.create(
                file=file,
                invitation_id=invitation_id,
                question_key=question_key,
                fingerprint=value,
                arrived_at=at,
            )


def _clean(one: Brought) -> tuple[FileType, bytes]:
    """Return what is kept of something brought: a photo is drawn again."""
    if one.kind not in _PHOTOS:
        return _TYPES[one.kind], one.content
    try:
        kind, picture = clean_photo(one.content, kind=one.kind)
    except PhotoRefusedError as refused:
        if refused.reason == "busy":
            raise BusyError from refused
        if refused.reason == "broken":
            raise InvalidAnswer(_("This photo cannot be read. Please choose another one.")) from refused
        raise InvalidAnswer(
            _("This photo has more points than we can take. Please choose a smaller one.")
        ) from refused
    return _TYPES[kind], picture
