from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.models import Principal, ScopedQuerySet, Team, intake_team_of, team_subtree


class AgentQuerySet(ScopedQuerySet["Agent"]):
    """Agents by team."""

    def known_to(self, principal: Principal | None) -> Self:
        """Return the agents whom `principal` names when it sends their code.

        They are of its own intake, or of its teams.
        """
        intake = intake_team_of(principal)
        if intake is None:
            return self.filter(intake_team__isnull=True)
        return self.filter(Q(intake_team=intake) | Q(team_id__in=team_subtree(intake)))


class Agent(models.Model):
    """The colleague who served, as the service system names them; may be linked to a member of staff."""

    source = models.CharField(_("source"), max_length=40)
    code = models.CharField(pgettext_lazy("agent", "staff number"), max_length=40)
    display_name = models.CharField(
        _("display name"), max_length=80, blank=True, help_text=_("What customers may read, such as 王师傅.")
    )
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="agents")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("member of staff"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="agent",
    )

    intake_team = models.ForeignKey(
        Team,
        verbose_name=_("known within"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text=_(
            "The team whose system or file brought in this code; empty: a system of the whole company."
        ),
    )

    objects = AgentQuerySet.as_manager()

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "code", "intake_team"],
                nulls_distinct=False,
                name="%(class)s_is_known_once_per_source",
            )
        ]

    def __str__(self) -> str:
        return self.display_name or self.code
