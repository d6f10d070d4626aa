from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.models import ScopedQuerySet, Team


class AgentQuerySet(ScopedQuerySet["Agent"]):
    """Agents by team."""


class Agent(models.Model):
    """The colleague who served, as the service system names them; may be linked to a member of staff."""

    source = models.CharField(_("source"), max_length=40)
    code = models.CharField(pgettext_lazy("agent", "staff number"), max_length=40)
    display_name = models.CharField(_("display name"), max_length=80, blank=True, help_text=_("What customers may read, such as 王师傅."))
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="agents")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("member of staff"), on_delete=models.SET_NULL, null=True, blank=True, related_name="agent"
    )

    objects = AgentQuerySet.as_manager()

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        constraints = [models.UniqueConstraint(fields=["source", "code"], name="%(class)s_is_known_once_per_source")]

    def __str__(self) -> str:
        return self.display_name or self.code
