"""Invitations: one customer may answer one questionnaire once."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet, Team
from feedback_site.common.constraints import in_order, one_of
from feedback_site.common.headings import dated
from feedback_site.common.ids import uuid7
from feedback_site.common.languages import Language
from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Customer, Segment
from feedback_site.questionnaires.models.questionnaire import QuestionnaireVersion
from feedback_site.service_events.models import Agent, ServiceChannel, ServiceEvent, ServiceKind
from surveys.enums import InvitationOrigin, VoidReason
from surveys.models.survey import Survey


class InvitationQuerySet(ScopedQuerySet["Invitation"]):
    def counted(self) -> Self:
        """Invitations in the denominator of the response rate.

        Those are ours to send and not voided, whether the message left or not.
        """
        return self.filter(origin=InvitationOrigin.SENT, voided_at__isnull=True)


class Invitation(models.Model):
    """One invitation to one customer. Answering state lives here, sending state on the message.

    Only the SHA-256 of the link's token is stored; raising `token_generation` revokes the
    link. Who is credited is copied from the event and stays. `deadline_at` (completion +
    10 minutes) is when the message should have left, `expires_at` when the link ends.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(pgettext_lazy("response", "survey type"), max_length=10, choices=Purpose)
    origin = models.CharField(
        pgettext_lazy("response", "collection channel"),
        max_length=10,
        choices=InvitationOrigin,
        default=InvitationOrigin.SENT,
    )
    survey = models.ForeignKey(
        Survey,
        verbose_name=_("survey rule"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
    )
    version = models.ForeignKey(
        QuestionnaireVersion,
        verbose_name=_("questionnaire version"),
        on_delete=models.PROTECT,
        related_name="invitations",
    )
    service_event = models.ForeignKey(
        ServiceEvent,
        verbose_name=_("service event"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
    )
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
    )
    # The address that is written to, so that its index can be made
    # again under another key when the customer's has changed since.
    contact_sealed = models.BinaryField(null=True, editable=False)
    contact_index = models.BinaryField(null=True, editable=False)
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="+")
    credited_team = models.ForeignKey(
        Team, verbose_name=_("counts for team"), on_delete=models.PROTECT, related_name="+"
    )
    agent = models.ForeignKey(
        Agent, verbose_name=_("agent"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.ForeignKey(
        ServiceKind, verbose_name=_("kind"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    channel = models.ForeignKey(
        ServiceChannel,
        verbose_name=_("service channel"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    segment = models.ForeignKey(
        Segment, verbose_name=_("segment"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    language = models.CharField(_("language"), max_length=10, choices=Language)
    question_set = models.CharField(
        _("question rotation group"),
        max_length=20,
        blank=True,
        editable=False,
        help_text=_("The set of questions that was drawn for this customer."),
    )
    token_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    token_key_id = models.PositiveSmallIntegerField(editable=False)
    token_generation = models.PositiveSmallIntegerField(default=1, editable=False)
    invited_at = models.DateTimeField(_("invited at"))
    belongs_on = models.DateField(
        _("counted on"), help_text=_("The day answers count on: the completion's local date.")
    )
    due_at = models.DateTimeField(_("due at"))
    deadline_at = models.DateTimeField(pgettext_lazy("message", "send by"), null=True, blank=True)
    send_until = models.DateTimeField(_("send until"))
    expires_at = models.DateTimeField(_("link expires at"))
    is_in_headline = models.BooleanField(_("counts toward “sent within ten minutes”"), default=True)
    is_replayed = models.BooleanField(_("historical data"), default=False)
    is_queued = models.BooleanField(_("scheduled for sending"), default=False, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    voided_at = models.DateTimeField(pgettext_lazy("invitation", "cancelled at"), null=True, blank=True)
    void_reason = models.CharField(
        pgettext_lazy("invitation", "reason for cancelling"), max_length=20, choices=VoidReason, blank=True
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        permissions = [
            ("show_link", "Can show an invitation's link as a QR code on site"),
            ("fill_in", "Can fill in an invitation's questionnaire for the customer"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(is_queued=False, voided_at__isnull=True),
                name="invitation_to_queue_by_due",
            ),
            models.Index(fields=["team", "-invited_at"], name="invitation_of_team_newest"),
            models.Index(
                fields=["contact_index", "invited_at"],
                condition=Q(contact_index__isnull=False),
                name="invitation_by_contact",
            ),
            models.Index(fields=["credited_team", "belongs_on"], name="invitation_of_team_by_day"),
            models.Index(
                fields=["voided_at"], condition=Q(voided_at__isnull=False), name="invitation_voided_last"
            ),
        ]
        constraints = [
            one_of("purpose", Purpose, name="has_a_known_purpose"),
            one_of("language", Language, name="is_in_a_known_language"),
            one_of("origin", InvitationOrigin, name="has_a_known_origin"),
            models.CheckConstraint(
                condition=Q(origin=InvitationOrigin.SENT)
                | Q(contact_index__isnull=True, is_in_headline=False),
                name="%(class)s_not_sent_has_no_cap_and_no_headline",
            ),
            models.UniqueConstraint(
                fields=["service_event"],
                condition=Q(purpose=Purpose.SURVEY, voided_at__isnull=True),
                name="%(class)s_asks_once_about_an_event",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, void_reason="")
                | Q(voided_at__isnull=False, void_reason__in=VoidReason.values),
                name="%(class)s_voided_states_why",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(voided_at__isnull=True),
                name="%(class)s_answered_is_not_voided",
            ),
            in_order("invited_at", "expires_at", name="expires_after_it_was_made"),
        ]

    def __str__(self) -> str:
        return dated(self.get_purpose_display(), self.invited_at)

    @property
    def visit_of_people(self) -> "LinkVisit | None":
        """The visits of its link (load `visit` with it).

        None before the first and where machines follow the message's links.
        """
        visit: LinkVisit | None = getattr(self, "visit", None)
        return visit if visit is not None and visit.quarantined_at is None else None


class LinkVisitQuerySet(ScopedQuerySet["LinkVisit"]):
    team_lookup = "invitation__team_id"


class LinkVisit(models.Model):
    """How often a link was opened.

    Counted out of band, loss allowed, kept apart so that opening writes nothing that counts.

    `quarantined_at`: since when it is known that a machine follows this message's links;
    none of its visits counts as a person's then. `last_score` is the score of the last
    address that had one: two different ones in quick succession are a machine's.
    """

    invitation = models.OneToOneField(
        Invitation,
        verbose_name=_("invitation"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="visit",
    )
    first_at = models.DateTimeField(_("first at"))
    last_at = models.DateTimeField(_("last at"))
    count = models.PositiveIntegerField(_("count"), default=1)
    last_score = models.PositiveSmallIntegerField(null=True, editable=False)
    last_scored_at = models.DateTimeField(null=True, editable=False)
    quarantined_at = models.DateTimeField(_("recognised as a program at"), null=True, blank=True)

    objects = LinkVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("link visit")
        verbose_name_plural = _("link visits")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_score__isnull=True, last_scored_at__isnull=True)
                | Q(last_score__isnull=False, last_scored_at__isnull=False),
                name="%(class)s_score_has_its_time",
            )
        ]

    def __str__(self) -> str:
        return dated(gettext("Link opened"), self.first_at)
