"""Codes that staff show to a customer on site, and the answers that came by them."""

from datetime import datetime, timedelta

import pgtrigger
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet, User
from feedback_site.common.constraints import in_order
from feedback_site.common.ids import uuid7
from surveys.models.invitation import Invitation
from surveys.models.response import Response

VALID_FOR = timedelta(minutes=15)
MOST_TRIES = 3
# Wrong digits at all codes that one person showed within a day. Lists show the last two digits of
# a number: without this limit, who goes from code to code guesses one in a hundred tries right.
MOST_TRIES_OF_STAFF = 3 * MOST_TRIES


class OnSiteLinkQuerySet(ScopedQuerySet["OnSiteLink"]):
    team_lookup = "invitation__team_id"

    def wrong_digits_of_staff(self, user_id: int, *, at: datetime) -> int:
        """Return how many wrong digits were typed at the codes that a person showed within a day."""
        shown = self.filter(shown_by=user_id, shown_at__gt=at - timedelta(days=1))
        return shown.aggregate(total=Sum("tries"))["total"] or 0


class OnSiteLink(models.Model):
    """One code that staff showed: good for 15 minutes and one answer.

    Only hashes of its two tokens are stored: that of the code, and that of the
    form, which the code leads to once the customer has named the last four digits
    of the phone on record. `needs_digits` is false where no phone was on record.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    invitation = models.ForeignKey(
        Invitation, verbose_name=_("invitation"), on_delete=models.CASCADE, related_name="on_site_links"
    )
    shown_by = models.ForeignKey(User, verbose_name=_("shown by"), on_delete=models.PROTECT, related_name="+")
    shown_at = models.DateTimeField(_("shown at"))
    expires_at = models.DateTimeField(_("good until"))
    code_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    form_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    token_key_id = models.PositiveSmallIntegerField(editable=False)
    needs_digits = models.BooleanField(_("asks for the last four digits of the phone"))
    tries = models.PositiveSmallIntegerField(_("wrong digits"), default=0)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    objects = OnSiteLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("code shown on site")
        verbose_name_plural = _("codes shown on site")
        indexes = [models.Index(fields=["shown_by", "-shown_at"], name="onsitelink_of_staff_latest")]
        constraints = [
            in_order("shown_at", "expires_at", name="ends_after_it_was_shown"),
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("shown_at") + VALID_FOR),
                name="%(class)s_is_good_for_15_minutes",
            ),
            models.CheckConstraint(condition=Q(tries__lte=MOST_TRIES), name="%(class)s_takes_few_tries"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(needs_digits=True),
                name="%(class)s_confirmed_by_digits",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class OnSiteAnswerQuerySet(ScopedQuerySet["OnSiteAnswer"]):
    team_lookup = "response__invitation__team_id"


class OnSiteAnswer(models.Model):
    """An answer that came by a code shown on site.

    Whether it counts in the main figures is decided once, when it is given.
    """

    response = models.OneToOneField(
        Response,
        verbose_name=_("response"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="on_site",
    )
    link = models.OneToOneField(
        OnSiteLink, verbose_name=_("code shown on site"), on_delete=models.PROTECT, related_name="answer"
    )
    is_confirmed = models.BooleanField(_("confirmed by the customer's phone"))
    is_counted = models.BooleanField(_("counted in the main figures"))

    objects = OnSiteAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("response given on site")
        verbose_name_plural = _("responses given on site")
        triggers = [
            pgtrigger.Protect(name="facts_are_only_added", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return str(self.response_id)
