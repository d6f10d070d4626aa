"""Visit plans: which cases are gone back to, when, how and with which script."""

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.models import OwnedQuerySet, Team
from feedback_site.common.constraints import one_of
from feedback_site.common.texts import Named
from feedback_site.questionnaires.models import Questionnaire
from visits.enums import VisitMode, VisitTrigger

MOST_ATTEMPTS = 3


class VisitPlanQuerySet(OwnedQuerySet["VisitPlan"]):
    """Plans by the team that owns them; one without an owner is shared."""


@pghistory.track()
class VisitPlan(Named):
    """One rule: this trigger makes a visit that is due in this window.

    At most one active plan per trigger and owner.

    `team` owns the plan, which holds for cases of it and of the teams
    below it; the nearest owner's plan wins, a shared one is the last.

    Hours are working hours (see the working calendar): a visit is due in the hours for calls only.
    """

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    trigger = models.CharField(_("trigger"), max_length=20, choices=VisitTrigger)
    questionnaire = models.ForeignKey(
        Questionnaire,
        verbose_name=_("call script"),
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Questions that the caller asks and fills in."),
    )
    mode = models.CharField(
        pgettext_lazy("visit", "contact method"), max_length=10, choices=VisitMode, default=VisitMode.PHONE
    )
    wait_hours = models.PositiveSmallIntegerField(
        _("earliest after (working hours)"),
        default=4,
        help_text=_("The customer needs time to see whether the problem is really solved."),
    )
    window_hours = models.PositiveSmallIntegerField(
        _("due within (working hours)"),
        default=18,
        validators=[MinValueValidator(1)],
    )
    retry_hours = models.PositiveSmallIntegerField(
        _("try again after (working hours)"),
        default=4,
        validators=[MinValueValidator(1)],
        help_text=_("Working hours until the next attempt when the customer did not answer."),
    )
    max_attempts = models.PositiveSmallIntegerField(
        _("attempts allowed"),
        default=MOST_ATTEMPTS,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_ATTEMPTS)],
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_(
            "For service events of this team and the teams below it; comes before a shared plan. Leave empty "
            "to share it with the whole company."
        ),
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = VisitPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit plan")
        verbose_name_plural = _("visit plans")
        constraints = [
            one_of("trigger", VisitTrigger, name="has_a_known_trigger"),
            one_of("mode", VisitMode, name="has_a_known_mode"),
            models.UniqueConstraint(
                fields=["trigger", "team"],
                condition=Q(is_active=True),
                nulls_distinct=False,
                name="%(class)s_is_active_once_per_trigger_and_team",
            ),
            models.CheckConstraint(
                condition=Q(max_attempts__gte=1, max_attempts__lte=MOST_ATTEMPTS),
                name="%(class)s_tries_up_to_three_times",
            ),
            models.CheckConstraint(
                condition=Q(window_hours__gte=1, retry_hours__gte=1), name="%(class)s_windows_are_positive"
            ),
        ]
