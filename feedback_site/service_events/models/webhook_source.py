"""Systems that tell us of their events by signed webhooks, their secrets, and what they have delivered."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models import ScopedQuerySet, Team
from feedback_site.common.ids import uuid7
from feedback_site.service_events.models.reference import ServiceChannel, ServiceKind
from feedback_site.service_events.rules.events import OWN_SOURCES

# Two, so that a secret is exchanged without a gap: the system changes over while both are good.
SECRET_SLOTS = (1, 2)


def refuse_own_source(slug: str) -> None:
    """Validator: what the site calls its own numbers is no system outside it."""
    if slug in OWN_SOURCES:
        raise ValidationError(_("This source is the site's own."))


class WebhookSourceQuerySet(ScopedQuerySet["WebhookSource"]):
    """Sources by the team whose events they tell of; those of all teams are seen by those who see all."""


class WebhookSource(models.Model):
    """A system that posts to `/api/v1/webhooks/service-events/<slug>/`.

    Its events carry the slug as their source.

    Itself the principal of what it sends: it may name its team and the teams below it.
    """

    slug = models.SlugField(
        _("source"),
        max_length=40,
        unique=True,
        validators=[refuse_own_source],
        help_text=_("Part of the web address, and the source of its service events."),
    )
    name = models.CharField(_("name"), max_length=80, help_text=_("The system that sends."))
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_(
            "May send service events of this team and the teams below it. Leave empty for all teams."
        ),
    )
    default_kind = models.ForeignKey(
        ServiceKind,
        verbose_name=_("service type where none is sent"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    default_channel = models.ForeignKey(
        ServiceChannel,
        verbose_name=_("service channel where none is sent"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"))
    last_seen_at = models.DateTimeField(_("last seen at"), null=True, blank=True, editable=False)

    objects = WebhookSourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook source")
        verbose_name_plural = _("webhook sources")

    def __str__(self) -> str:
        return self.slug

    @property
    def is_authenticated(self) -> bool:
        """DRF asks this of every principal; a source whose signature was good is one."""
        return True

    @property
    def data_scope(self) -> DataScope:
        """Whose events it may tell of."""
        return DataScope.ALL if self.team_id is None else DataScope.SUBTREE

    @property
    def scope_team_id(self) -> int | None:
        """The root of the subtree whose events it may tell of."""
        return self.team_id


class WebhookSecret(models.Model):
    """One of at most two secrets that are good at a time.

    It is sealed and not hashed, because checking a signature takes the secret itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(
        WebhookSource, verbose_name=_("webhook source"), on_delete=models.CASCADE, related_name="secrets"
    )
    slot = models.PositiveSmallIntegerField(_("place"), editable=False)
    secret_sealed = models.BinaryField(editable=False)
    created_at = models.DateTimeField(_("created at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook secret")
        verbose_name_plural = _("webhook secrets")
        constraints = [
            models.CheckConstraint(
                condition=Q(slot__in=SECRET_SLOTS), name="%(class)s_has_one_of_two_places"
            ),
            models.UniqueConstraint(
                fields=["source", "slot"],
                condition=Q(ended_at__isnull=True),
                name="%(class)s_is_the_only_good_one_in_its_place",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class WebhookDeliveryQuerySet(ScopedQuerySet["WebhookDelivery"]):
    team_lookup = "source__team_id"


class WebhookDelivery(models.Model):
    """A delivery that was taken in, with what it was answered; written with its effects, kept for a week."""

    source = models.ForeignKey(
        WebhookSource, verbose_name=_("webhook source"), on_delete=models.CASCADE, related_name="+"
    )
    webhook_id = models.CharField(_("webhook id"), max_length=255)
    content_hash = models.BinaryField(max_length=32, editable=False)
    reply_status = models.PositiveSmallIntegerField(_("answered with"))
    reply = models.JSONField(_("reply"))
    received_at = models.DateTimeField(_("received at"), db_index=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [
            models.UniqueConstraint(fields=["source", "webhook_id"], name="%(class)s_is_taken_in_once"),
            models.CheckConstraint(
                condition=Q(reply_status__gte=200, reply_status__lt=300), name="%(class)s_was_taken_in"
            ),
        ]

    def __str__(self) -> str:
        return self.webhook_id
