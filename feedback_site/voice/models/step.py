"""What was done with an entry, step by step."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet, Team
from feedback_site.common.constraints import one_of
from feedback_site.common.headings import dated
from feedback_site.common.ids import uuid7
from feedback_site.voice.enums import StepKind
from feedback_site.voice.models.entry import VoiceEntry


class VoiceStepQuerySet(ScopedQuerySet["VoiceStep"]):
    team_lookup = "entry__team_id"


class VoiceStep(models.Model):
    """One step; rows are only added.

    A customer who has the number of the entry reads the texts of public ones, staff read all.

    `by` is empty where a fact from elsewhere made the step, `team` is who has the entry from then on.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(
        VoiceEntry, verbose_name=_("customer message"), on_delete=models.PROTECT, related_name="steps"
    )
    kind = models.CharField(_("step"), max_length=12, choices=StepKind)
    text = models.TextField(_("text"), blank=True)
    is_public = models.BooleanField(_("public"), default=False)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(_("at"))

    objects = VoiceStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [
            one_of("kind", StepKind, name="has_a_known_kind"),
            models.CheckConstraint(
                condition=Q(is_public=False) | ~Q(text=""), name="%(class)s_public_says_something"
            ),
            models.CheckConstraint(
                condition=Q(kind=StepKind.HANDED_OVER, team__isnull=False)
                | (~Q(kind=StepKind.HANDED_OVER) & Q(team__isnull=True)),
                name="%(class)s_hand_over_names_the_team",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="facts_are_only_added", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return dated(self.get_kind_display(), self.at)
