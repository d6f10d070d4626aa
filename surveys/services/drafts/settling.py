"""Settles unfinished responses whose link has ended.

How far each got, and which are complete enough to count.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from feedback_site.customers.services import texts_as_written
from feedback_site.questionnaires.selectors.event_facts import event_facts
from feedback_site.questionnaires.services.questionnaires import questionnaire_of
from feedback_site.questionnaires.walk import ReadAnswers, Walk, fields_of
from surveys.enums import DraftState, ResponseMode
from surveys.models import ResponseDraft
from surveys.models.survey import COMPLETE_FROM_PERCENT, PARTIAL_FROM_PERCENT
from surveys.services.responses.answering import Submission
from surveys.services.responses.effects import submit_with_effects
from surveys.services.responses.words import DRAFT_WORDS


@dataclass(frozen=True, slots=True)
class _Settled:
    draft: ResponseDraft
    state: DraftState
    read: ReadAnswers


@transaction.atomic
def settle_drafts(*, at: datetime, limit: int = 500) -> int:
    """Settle up to `limit` drafts of links that are answered, voided or at their end, and return how many.

    What is complete becomes a response, answered when it was
    last saved. Drafts that another worker holds are passed over.
    """
    ended = (
        Q(invitation__answered_at__isnull=False)
        | Q(invitation__voided_at__isnull=False)
        | Q(invitation__expires_at__lte=at)
    )
    claimed = (
        ResponseDraft.objects.filter(ended, state=DraftState.OPEN)
        .select_related("invitation__survey")
        .order_by("saved_at")
    )
    drafts = list(claimed.select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit])
    written = texts_as_written(kind=DRAFT_WORDS, subject_ids=[draft.pk for draft in drafts])
    settled = [_settle(draft, {**draft.answers, **written.get(str(draft.pk), {})}) for draft in drafts]
    complete = [one for one in settled if one.state == DraftState.COMPLETE]
    for one in complete:
        submit_with_effects(_submission(one), at=at)
    for one in settled:
        one.draft.state = one.state
    ResponseDraft.objects.bulk_update([one.draft for one in settled], ["state"])
    return len(settled)


def _settle(draft: ResponseDraft, answers: Mapping[str, Any]) -> _Settled:
    invitation = draft.invitation
    questionnaire = questionnaire_of(invitation.version_id)
    facts = event_facts(invitation.service_event_id).tested if questionnaire.needs_facts else {}
    fields = fields_of(questionnaire.questions, answers)
    walk = Walk(questionnaire.steps, fields, facts, invitation.question_set)
    state = DraftState.SENT if invitation.answered_at else _state(draft, walk.share_answered)
    return _Settled(draft, state, walk.read)


def _state(draft: ResponseDraft, share: float) -> DraftState:
    """Say what a share comes to. A withdrawn invitation never counts, however far the answers got."""
    survey = draft.invitation.survey
    complete, partial = COMPLETE_FROM_PERCENT, PARTIAL_FROM_PERCENT
    if survey is not None:
        complete, partial = survey.complete_from_percent, survey.partial_from_percent
    if share >= complete and not draft.invitation.voided_at:
        return DraftState.COMPLETE
    return DraftState.PARTIAL if share >= partial else DraftState.BREAK_OFF


def _submission(settled: _Settled) -> Submission:
    draft = settled.draft
    mode = ResponseMode(draft.mode)
    return Submission.of(
        settled.read, invitation_id=draft.pk, language=draft.language, mode=mode, answered_at=draft.saved_at
    )
