"""You said, we did: what was improved because customers spoke up."""

from typing import Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet, Team
from feedback_site.common.constraints import in_order
from feedback_site.common.ids import uuid7
from feedback_site.common.texts import TextsField
from feedback_site.improvements.models import ImprovementAction
from feedback_site.voice.models.entry import VoiceEntry


class PublishedChangeQuerySet(ScopedQuerySet["PublishedChange"]):
    def public(self) -> Self:
        """What the public reads."""
        return self.filter(published_at__isnull=False, withdrawn_at__isnull=True)


@pghistory.track()
class PublishedChange(models.Model):
    """What customers said and what was done.

    Public once published, until it is withdrawn.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="+")
    said = TextsField(_("you said"), max_length=300)
    did = TextsField(_("we did"), max_length=1000)
    action = models.ForeignKey(
        ImprovementAction,
        verbose_name=_("improvement action"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    entry = models.ForeignKey(
        VoiceEntry,
        verbose_name=_("customer message"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)

    objects = PublishedChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("published change")
        verbose_name_plural = _("you said, we did")
        indexes = [
            models.Index(
                fields=["-published_at"],
                condition=Q(published_at__isnull=False, withdrawn_at__isnull=True),
                name="change_public_newest",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(published_at__isnull=False),
                name="%(class)s_withdrawn_was_published",
            ),
            in_order("published_at", "withdrawn_at", name="withdrawn_after_it_was_published"),
        ]

    def __str__(self) -> str:
        return str(self.said)

    def is_public(self) -> bool:
        """Whether the public reads it."""
        return self.published_at is not None and self.withdrawn_at is None
