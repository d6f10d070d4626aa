"""Answers that ask for a return visit, and answers that say that the event is another's.

The first are written here and by nps, and swept by visits.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet
from feedback_site.common.constraints import one_of
from feedback_site.common.headings import dated
from feedback_site.common.ids import uuid7
from feedback_site.questionnaires.enums import CallBackSlot
from surveys.enums import FlagReason, FollowUpReason
from surveys.models.response import Response


class FollowUpRequestQuerySet(ScopedQuerySet["FollowUpRequest"]):
    team_lookup = "response__invitation__team_id"


class FollowUpRequest(models.Model):
    """One answer that staff should go back to.

    `score` is what the customer gave: 1-5 for a low score, 0-6 for a
    detractor, none for a wish to be called, which has a time of day.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    response = models.OneToOneField(
        Response, verbose_name=_("response"), on_delete=models.PROTECT, related_name="follow_up"
    )
    reason = models.CharField(_("reason"), max_length=10, choices=FollowUpReason)
    score = models.PositiveSmallIntegerField(_("score"), null=True)
    slot = models.CharField(_("time of day"), max_length=10, choices=CallBackSlot, blank=True)
    requested_at = models.DateTimeField(_("requested at"))

    objects = FollowUpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("return visit request")
        verbose_name_plural = _("return visit requests")
        indexes = [models.Index(fields=["requested_at"], name="follow_up_by_request")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason=FollowUpReason.LOW_SCORE, score__gte=1, score__lte=4)
                | Q(reason=FollowUpReason.DETRACTOR, score__isnull=False, score__lte=6)
                | Q(reason=FollowUpReason.CALL_BACK, score__isnull=True),
                name="%(class)s_score_fits_its_reason",
            ),
            one_of("reason", FollowUpReason, name="has_a_known_reason"),
            models.CheckConstraint(
                condition=Q(slot="") | Q(reason=FollowUpReason.CALL_BACK, slot__in=CallBackSlot.values),
                name="%(class)s_names_a_time_for_calls_only",
            ),
        ]

    def __str__(self) -> str:
        return dated(self.get_reason_display(), self.requested_at)


class EventFlagQuerySet(ScopedQuerySet["EventFlag"]):
    team_lookup = "response__invitation__team_id"


class EventFlag(models.Model):
    """A customer says that the service did not happen, was not theirs, or cost something else.

    Staff look into the event.

    `paid` and `charged` are what the customer paid and what the ticket says, where these differ.
    """

    response = models.OneToOneField(
        Response, verbose_name=_("response"), on_delete=models.PROTECT, primary_key=True, related_name="flag"
    )
    reason = models.CharField(_("reason"), max_length=15, choices=FlagReason)
    paid = models.DecimalField(_("paid"), max_digits=19, decimal_places=4, null=True, blank=True)
    charged = models.DecimalField(
        _("amount on the ticket"), max_digits=19, decimal_places=4, null=True, blank=True
    )
    flagged_at = models.DateTimeField(_("disputed at"))
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("checked by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = EventFlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("disputed service")
        verbose_name_plural = _("disputed services")
        constraints = [
            one_of("reason", FlagReason, name="has_a_known_reason"),
            models.CheckConstraint(
                condition=Q(reason=FlagReason.FEE_DIFFERS, paid__isnull=False, charged__isnull=False)
                | (~Q(reason=FlagReason.FEE_DIFFERS) & Q(paid__isnull=True, charged__isnull=True)),
                name="%(class)s_of_a_fee_states_both_figures",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="%(class)s_checked_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return dated(self.get_reason_display(), self.flagged_at)
