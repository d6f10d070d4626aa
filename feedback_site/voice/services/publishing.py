"""What the public reads: the suggestion of the month, and what was done because customers spoke up."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.improvements.models import ImprovementAction
from feedback_site.voice.enums import EntryKind
from feedback_site.voice.models import MonthlySuggestion, PublishedChange, VoiceEntry


def choose_monthly_suggestion(
    *,
    chosen: MonthlySuggestion | None = None,
    month: date,
    entry: VoiceEntry,
    title: Mapping[str, str],
    text: Mapping[str, str],
    is_quoted: bool = False,
) -> MonthlySuggestion:
    """State, or restate, the suggestion of a month.

    ConflictError where the month has another, or the entry was chosen before.
    """
    if entry.kind != EntryKind.SUGGESTION:
        raise DomainError(_("Only a suggestion can be the suggestion of the month."), {"field": "entry"})
    if is_quoted and not entry.may_publish:
        raise DomainError(
            _("The writer did not agree to be quoted: use your own words only."), {"field": "is_quoted"}
        )
    row = chosen or MonthlySuggestion()
    row.month, row.entry, row.is_quoted = month.replace(day=1), entry, is_quoted
    row.title, row.text = row.title.with_changes(title), row.text.with_changes(text)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ConflictError(
            _("This month has its suggestion, or this suggestion had its month."), {"field": "month"}
        ) from error
    return row


def write_change(
    *,
    change: PublishedChange | None = None,
    team: Team,
    said: Mapping[str, str],
    did: Mapping[str, str],
    action: ImprovementAction | None = None,
    entry: VoiceEntry | None = None,
) -> PublishedChange:
    """Write a change down, or correct one.

    Customers read it from the moment it is published, and not before.
    """
    row = change or PublishedChange()
    row.team, row.action, row.entry = team, action, entry
    row.said, row.did = row.said.with_changes(said), row.did.with_changes(did)
    row.save()
    return row


def publish_change(*, change: PublishedChange, at: datetime) -> PublishedChange:
    """Let the public read it. ConflictError to the second of two."""
    waiting = PublishedChange.objects.filter(pk=change.pk).exclude(
        published_at__isnull=False, withdrawn_at__isnull=True
    )
    if not waiting.update(published_at=at, withdrawn_at=None):
        raise ConflictError(_("This is published already."), {"change": str(change.pk)})
    return PublishedChange.objects.get(pk=change.pk)


def withdraw_change(*, change: PublishedChange, at: datetime) -> PublishedChange:
    """Take it off the page. ConflictError to the second of two."""
    if not PublishedChange.objects.public().filter(pk=change.pk).update(withdrawn_at=at):
        raise ConflictError(_("This is not published."), {"change": str(change.pk)})
    return PublishedChange.objects.get(pk=change.pk)
