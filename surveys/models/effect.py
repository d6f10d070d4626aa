from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet
from feedback_site.common.constraints import one_of
from feedback_site.common.headings import dated
from feedback_site.service_events.models import ServiceEventTransition
from surveys.enums import EffectOutcome


class TransitionEffectQuerySet(ScopedQuerySet["TransitionEffect"]):
    team_lookup = "transition__event__team_id"


class TransitionEffect(models.Model):
    """What a later fact about an event did to its invitations.

    The transition is the primary key: its effect is carried out once.
    """

    transition = models.OneToOneField(
        ServiceEventTransition,
        verbose_name=_("later change"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="effect",
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=EffectOutcome)
    applied_at = models.DateTimeField(_("applied at"))

    objects = TransitionEffectQuerySet.as_manager()

    class Meta:
        verbose_name = _("effect of a later change")
        verbose_name_plural = _("effects of later changes")
        constraints = [one_of("outcome", EffectOutcome, name="has_a_known_outcome")]

    def __str__(self) -> str:
        return dated(self.get_outcome_display(), self.applied_at)
