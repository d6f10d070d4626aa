"""Keys of systems that call the API."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.enums import DataScope, Grant
from feedback_site.accounts.models.scope import ScopedQuerySet
from feedback_site.accounts.models.team import Team


class ApiKeyQuerySet(ScopedQuerySet["ApiKey"]):
    """Keys by the team whose rows they see; those of every team are for those who see everything."""

    def usable(self, *, at: datetime) -> Self:
        """Keys that are neither revoked nor expired."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at), revoked_at__isnull=True)


class ApiKey(models.Model):
    """A system's key: grants and a subtree of teams. Only a hash of the secret is stored."""

    name = models.CharField(_("name"), max_length=80, help_text=_("The system that uses this key."))
    prefix = models.CharField(_("prefix"), max_length=12, unique=True, editable=False)
    secret_hash = models.BinaryField(_("hash of the secret"), max_length=32, editable=False)
    grants = ArrayField(models.CharField(max_length=40, choices=Grant), verbose_name=_("grants"))
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="api_keys",
        help_text=_("Sees this team and the teams below it. Leave empty for all teams."),
    )
    sources = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("sources"),
        default=list,
        blank=True,
        help_text=_(
            "The service systems whose events this key may send, separated by commas. Leave empty for any."
        ),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.CheckConstraint(
                condition=Q(grants__contained_by=Grant.values), name="%(class)s_has_known_grants"
            ),
            models.CheckConstraint(condition=Q(grants__len__gt=0), name="%(class)s_grants_something"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    @property
    def is_authenticated(self) -> bool:
        """DRF asks this of every principal; a key that was accepted is one."""
        return True

    @property
    def data_scope(self) -> DataScope:
        """Whose rows this key may see."""
        return DataScope.ALL if self.team_id is None else DataScope.SUBTREE

    @property
    def scope_team_id(self) -> int | None:
        """The root of the subtree this key may see."""
        return self.team_id
