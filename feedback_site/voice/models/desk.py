"""Who takes in what customers write."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import Team

THE_DESK = 1


@pghistory.track()
class VoiceDesk(models.Model):
    """The one row that says which team new entries go to."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_DESK, editable=False)
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("New customer messages go to this team, which can hand them over."),
    )

    class Meta:
        verbose_name = _("intake team")
        verbose_name_plural = _("intake team")
        constraints = [models.CheckConstraint(condition=Q(id=THE_DESK), name="%(class)s_is_one_row")]

    def __str__(self) -> str:
        return gettext("intake team")
