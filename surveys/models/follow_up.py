"""Answers that ask for a return visit: written here and by nps, swept by visits."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet
from feedback_site.common.constraints import one_of
from feedback_site.common.ids import uuid7
from surveys.enums import FollowUpReason
from surveys.models.response import Response


class FollowUpRequestQuerySet(ScopedQuerySet["FollowUpRequest"]):
    team_lookup = "response__invitation__team_id"


class FollowUpRequest(models.Model):
    """One answer that somebody should go back to. `score` is what the customer gave: 1-5 for a low score, 0-6 for a detractor."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    response = models.OneToOneField(Response, verbose_name=_("response"), on_delete=models.PROTECT, related_name="follow_up")
    reason = models.CharField(_("reason"), max_length=10, choices=FollowUpReason)
    score = models.PositiveSmallIntegerField(_("score"))
    requested_at = models.DateTimeField(_("requested at"))

    objects = FollowUpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up request")
        verbose_name_plural = _("follow-up requests")
        indexes = [models.Index(fields=["requested_at"], name="follow_up_by_request")]
        constraints = [
            models.CheckConstraint(
                condition=Q(reason=FollowUpReason.LOW_SCORE, score__gte=1, score__lte=4) | Q(reason=FollowUpReason.DETRACTOR, score__lte=6),
                name="%(class)s_score_fits_its_reason",
            ),
            one_of("reason", FollowUpReason, name="has_a_known_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.response_id}"
