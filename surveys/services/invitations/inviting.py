"""Invites customers, which nothing else does, and puts invitations that are due into the outbox."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team
from feedback_site.common.bulk import insert_rows
from feedback_site.common.exceptions import ConflictError
from feedback_site.common.ids import uuid7
from feedback_site.common.sealing import ContactIndex
from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Customer
from feedback_site.delivery.enums import DeliveryChannel
from feedback_site.delivery.services import NewMessage, queue_messages
from feedback_site.questionnaires.services.questionnaires import draw_set
from feedback_site.service_events.models import ServiceEvent
from surveys.enums import InvitationOrigin, VoidReason
from surveys.models import Invitation
from surveys.models.survey import default_channels
from surveys.rules import Address, first_usable
from surveys.selectors.addresses import Reach, reach_of
from surveys.services.invitations.asked_contacts import keep_contact
from surveys.services.links.tokens import hash_token, make_token, newest_key_id

MESSAGE_SUBJECT = "invitation"
# For interviews, to which no survey rule gives these times.
_SEND_FOR = timedelta(hours=72)
_VALID_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When an invitation counts, is sent, is late and ends.

    `deadline_at` None: outside the ten-minute headline, never late.
    """

    invited_at: datetime
    belongs_on: date
    due_at: datetime
    send_until: datetime
    expires_at: datetime
    deadline_at: datetime | None = None
    is_in_headline: bool = False
    is_replayed: bool = False


def prepare_invitation(
    *,
    purpose: str,
    version_id: int,
    team_id: int,
    credited_team_id: int,
    customer: Customer | None,
    language: str = "",
    survey_id: int | None = None,
    service_event: ServiceEvent | None = None,
    contact: ContactIndex | None = None,
    origin: InvitationOrigin = InvitationOrigin.SENT,
    question_set: str | None = None,
    schedule: Schedule,
) -> Invitation:
    """Return an invitation that is not saved yet, with its link's hash.

    Who is credited is copied from the event. `question_set` None: one of the version's rotating sets is
    drawn.
    """
    invitation_id = uuid7()
    invitation = Invitation(
        id=invitation_id,
        purpose=purpose,
        origin=origin.value,
        survey_id=survey_id,
        version_id=version_id,
        service_event=service_event,
        customer=customer,
        team_id=team_id,
        credited_team_id=credited_team_id,
        language=language or (customer.language if customer else "") or settings.LANGUAGE_CODE,
        question_set=draw_set(version_id=version_id, seed=invitation_id)
        if question_set is None
        else question_set,
        token_key_id=newest_key_id(),
        **{name: getattr(schedule, name) for name in Schedule.__slots__},
    )
    keep_contact(invitation, contact)
    if service_event is not None:
        for name in ("agent_id", "kind_id", "channel_id", "segment_id"):
            setattr(invitation, name, getattr(service_event, name))
    token = make_token(
        purpose=purpose, invitation_id=invitation.id, generation=1, key_id=invitation.token_key_id
    )
    invitation.token_hash = hash_token(token)
    return invitation


def save_invitations(
    invitations: Sequence[Invitation], *, addresses: Mapping[uuid.UUID, Address], at: datetime
) -> None:
    """Insert prepared invitations and hand those that are due to delivery.

    `addresses` is by invitation id. Two statements.
    """
    due = [invitation for invitation in invitations if invitation.due_at <= at]
    for invitation in due:
        invitation.is_queued = True
    insert_rows(invitations, skips_known=False)
    if due:
        queue_messages([_message(invitation, addresses[invitation.id].channel) for invitation in due], at=at)


@transaction.atomic
def queue_invitations(*, at: datetime, limit: int = 500) -> int:
    """Hand up to `limit` due invitations to delivery and return how many.

    Those that another worker holds are passed over.
    """
    waiting = Invitation.objects.filter(
        origin=InvitationOrigin.SENT,
        is_queued=False,
        voided_at__isnull=True,
        due_at__lte=at,
        customer__isnull=False,
    )
    claimed = list(
        waiting.exclude(purpose=Purpose.OPEN)
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("customer", "survey")
        .order_by("due_at")[:limit]
    )
    if not claimed:
        return 0
    reach = reach_of(invitation.customer for invitation in claimed if invitation.customer)
    queue_messages([_message(invitation, _channel_of(invitation, reach)) for invitation in claimed], at=at)
    Invitation.objects.filter(pk__in=[invitation.pk for invitation in claimed]).update(is_queued=True)
    return len(claimed)


def void_invitation(*, invitation: Invitation, reason: VoidReason, at: datetime) -> Invitation:
    """Take an invitation out of what counts.

    Raises `ConflictError` when it is answered; voiding twice keeps the first reason.
    """
    open_row = Invitation.objects.filter(pk=invitation.pk, voided_at__isnull=True, answered_at__isnull=True)
    changed = open_row.update(voided_at=at, void_reason=reason)
    invitation.refresh_from_db(fields=["voided_at", "void_reason", "answered_at"])
    if not changed and invitation.answered_at:
        raise ConflictError(
            _("This invitation has been answered and can no longer be cancelled."),
            {"invitation": str(invitation.pk)},
        )
    return invitation


def delivery_channels_of(invitation: Invitation) -> list[str]:
    """Return the delivery channels in the order in which they are tried."""
    return list(invitation.survey.delivery_channels) if invitation.survey else default_channels()


def _channel_of(invitation: Invitation, reach: Reach) -> str:
    channels = delivery_channels_of(invitation)
    addresses = reach.addresses(invitation.customer_id, channels) if invitation.customer_id else []
    usable = first_usable(addresses, reach.suppressed)
    # Without a usable address delivery still gets the message: it ends there with its reason, on record.
    known = usable or next(iter(addresses), None)
    return known.channel if known else channels[0]


def _message(invitation: Invitation, channel: str) -> NewMessage:
    return NewMessage(
        subject_kind=MESSAGE_SUBJECT,
        subject_id=invitation.id,
        channel=DeliveryChannel(channel),
        team_id=invitation.team_id,
        due_at=invitation.due_at,
        deadline_at=invitation.deadline_at,
        send_until=invitation.send_until,
        is_local_only=invitation.is_replayed,
    )


def schedule_from_now(credited_team_id: int, at: datetime) -> Schedule:
    """Return a schedule outside the headline that starts now and counts on the team's present day."""
    team = Team.objects.without_tree_fields().get(pk=credited_team_id)
    return Schedule(
        invited_at=at,
        belongs_on=at.astimezone(team.zone).date(),
        due_at=at,
        send_until=at + _SEND_FOR,
        expires_at=at + _VALID_FOR,
    )
