"""The outbox: PostgreSQL is the queue."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.models import ScopedQuerySet, Team
from feedback_site.common.constraints import one_of
from feedback_site.common.headings import dated
from feedback_site.common.ids import uuid7
from feedback_site.delivery.enums import DeliveryChannel, LateCause, MessageStatus

UNFINISHED = [MessageStatus.QUEUED, MessageStatus.SENDING]


class MessageQuerySet(ScopedQuerySet["Message"]):
    def due(self, *, at: datetime) -> Self:
        """Messages that may be claimed: queued and due, or claimed by a worker whose lease has run out."""
        return self.filter(
            Q(status=MessageStatus.QUEUED, due_at__lte=at)
            | Q(status=MessageStatus.SENDING, claimed_until__lt=at),
        )


class Message(models.Model):
    """One message to one person by one channel.

    Holds no address, body or link: they are built at sending and never stored.

    `subject_kind` and `subject_id` name what the message is about
    without a key upward; the app above registers a builder for its kind.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject_kind = models.CharField(_("subject"), max_length=20)
    subject_id = models.UUIDField(_("subject id"))
    step = models.CharField(_("step"), max_length=20, default="first")
    channel = models.CharField(_("delivery channel"), max_length=10, choices=DeliveryChannel)
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=10, choices=MessageStatus, default=MessageStatus.QUEUED)
    end_reason = models.CharField(_("reason"), max_length=40, blank=True)
    due_at = models.DateTimeField(_("due at"))
    deadline_at = models.DateTimeField(pgettext_lazy("message", "send by"), null=True, blank=True)
    send_until = models.DateTimeField(_("send until"))
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    lease_id = models.UUIDField(null=True, blank=True, editable=False)
    attempt_count = models.PositiveSmallIntegerField(pgettext_lazy("message", "sending attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    is_late = models.BooleanField(_("sent late"), default=False)
    late_cause = models.CharField(_("cause of lateness"), max_length=20, choices=LateCause, blank=True)
    is_local_only = models.BooleanField(
        _("historical data, never sent"),
        default=False,
        help_text=_("Historical data: recorded as sent, but never passed to a gateway."),
    )
    queued_at = models.DateTimeField(_("scheduled at"))

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(status=MessageStatus.QUEUED), name="message_queued_by_due"
            ),
            models.Index(
                fields=["claimed_until"],
                condition=Q(status=MessageStatus.SENDING),
                name="message_sending_by_lease",
            ),
            models.Index(
                fields=["sent_at"],
                include=["deadline_at", "is_late"],
                condition=Q(status=MessageStatus.SENT, is_local_only=False),
                name="message_sent_last",
            ),
            models.Index(
                fields=["send_until"], condition=Q(status=MessageStatus.MISSED), name="message_missed_last"
            ),
            models.Index(fields=["team", "-queued_at"], name="message_of_team_newest_first"),
            models.Index(fields=["subject_id"], name="message_by_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "step", "channel"],
                name="%(class)s_is_sent_once_per_step_and_channel",
            ),
            one_of("status", MessageStatus, name="has_a_known_status"),
            one_of("channel", DeliveryChannel, name="has_a_known_channel"),
            models.CheckConstraint(
                condition=Q(late_cause="") | Q(late_cause__in=LateCause.values),
                name="%(class)s_has_a_known_late_cause",
            ),
            models.CheckConstraint(
                condition=Q(status=MessageStatus.SENT, sent_at__isnull=False)
                | (~Q(status=MessageStatus.SENT) & Q(sent_at__isnull=True)),
                name="%(class)s_sent_knows_when",
            ),
            models.CheckConstraint(
                condition=Q(status=MessageStatus.SENDING, lease_id__isnull=False, claimed_until__isnull=False)
                | (~Q(status=MessageStatus.SENDING) & Q(lease_id__isnull=True, claimed_until__isnull=True)),
                name="%(class)s_is_leased_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(is_late=False, late_cause="") | (Q(is_late=True) & ~Q(late_cause="")),
                name="%(class)s_late_states_its_cause",
            ),
        ]

    def __str__(self) -> str:
        return dated(self.get_channel_display(), self.due_at)
