"""Survey rules: which questionnaire follows which events."""

from datetime import datetime
from typing import Self

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.models import OwnedQuerySet, Team
from feedback_site.common.locks import Lock
from feedback_site.delivery.enums import DeliveryChannel
from feedback_site.questionnaires.models.questionnaire import Questionnaire
from feedback_site.service_events.models import ServiceChannel, ServiceKind

# Shares of the questions that had to be answered (AAPOR, Standard
# Definitions, 10th edition, on partial interviews and break-offs).
COMPLETE_FROM_PERCENT, PARTIAL_FROM_PERCENT = 80, 50


# A rule that is written with this position gets the last one that is taken, and one more.
LAST = 32_767

# Under a lock, so that two rules that are written at once do not get the same position.
_LAST_PLACE = f"""
    IF TG_OP = 'UPDATE' THEN
        NEW.position = OLD.position;
    ELSE
        PERFORM pg_advisory_xact_lock({Lock.SURVEY_ORDER:d});
        NEW.position = (SELECT coalesce(max(position), 0) + 1 FROM surveys_survey WHERE position < 32767);
    END IF;
    RETURN NEW;
"""  # noqa: S608 - constant text


class SurveyQuerySet(OwnedQuerySet["Survey"]):
    """Rules by the team that owns them; figures are told apart by rule, so management may name every one."""

    is_aggregate = True

    def running(self, *, at: datetime) -> Self:
        """Surveys that ask at this moment."""
        return self.filter(
            Q(starts_at__isnull=True) | Q(starts_at__lte=at),
            Q(ends_at__isnull=True) | Q(ends_at__gt=at),
            is_active=True,
        )


def default_channels() -> list[str]:
    """SMS first, then email: the phone is what the customer holds."""
    return [DeliveryChannel.SMS.value, DeliveryChannel.EMAIL.value]


@pghistory.track()
class Survey(models.Model):
    """A rule: events that match are followed by this questionnaire.

    Surveys are tried by position; the first match wins.

    `team` owns the rule, which holds for events credited to it or
    to teams below it; a rule without an owner is shared and holds for all.
    """

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=LAST,
        help_text=_("Rules are checked in this order. The first rule that matches sends the questionnaire."),
    )
    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name=_("questionnaire"), on_delete=models.PROTECT, related_name="surveys"
    )
    kinds = models.ManyToManyField(
        ServiceKind,
        verbose_name=_("service types"),
        blank=True,
        related_name="+",
        help_text=_("Leave empty for all."),
    )
    channels = models.ManyToManyField(
        ServiceChannel,
        verbose_name=_("service channels"),
        blank=True,
        related_name="+",
        help_text=_("Leave empty for all."),
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_(
            "Sends for service events of this team and the teams below it; this team and the teams above it "
            "can change it. Leave empty to share it with the whole company."
        ),
    )
    delivery_channels = ArrayField(
        models.CharField(max_length=10, choices=DeliveryChannel),
        verbose_name=_("Delivery channels"),
        default=default_channels,
        help_text=_(
            "The first channel for which we have a contact is used. If sending fails, the next one is tried."
        ),
    )
    sample_percent = models.PositiveSmallIntegerField(
        _("sample (%)"),
        default=100,
        validators=[MaxValueValidator(100)],
        help_text=_("Share of matching events that are asked."),
    )
    delay_minutes = models.PositiveIntegerField(
        _("delay (minutes)"),
        default=0,
        help_text=_("With a delay, service events do not count toward “sent within ten minutes”."),
    )
    age_limit_hours = models.PositiveIntegerField(
        _("can be sent for (hours after completion)"),
        default=72,
        help_text=_("After this time, the customer is no longer invited."),
    )
    cap_days = models.PositiveSmallIntegerField(
        _("days between invitations"),
        default=0,
        help_text=_("Minimum number of days between two invitations to the same contact. 0: no limit."),
    )
    follow_up_at_most = models.PositiveSmallIntegerField(
        _("call back at or below (points)"),
        default=2,
        validators=[MaxValueValidator(4)],
        help_text=_("A satisfaction of this many points or fewer schedules a return visit. 0: never."),
    )
    link_valid_days = models.PositiveSmallIntegerField(_("link valid (days)"), default=14)
    complete_from_percent = models.PositiveSmallIntegerField(
        _("counts as complete from (%)"),
        default=COMPLETE_FROM_PERCENT,
        validators=[MaxValueValidator(100)],
        help_text=_(
            "An unfinished response counts as complete once this share of the required questions is "
            "answered. "
            "It cannot be changed once the rule is in use."
        ),
    )
    partial_from_percent = models.PositiveSmallIntegerField(
        _("counts as partial from (%)"),
        default=PARTIAL_FROM_PERCENT,
        validators=[MaxValueValidator(100)],
        help_text=_(
            "From this share on, an unfinished response counts as partial; below it, as broken off. It "
            "cannot "
            "be changed once the rule is in use."
        ),
    )
    is_active = models.BooleanField(_("active"), default=True)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    ends_at = models.DateTimeField(pgettext_lazy("survey rule", "ends at"), null=True, blank=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey rule")
        verbose_name_plural = _("survey rules")
        constraints = [
            models.UniqueConstraint(
                fields=["position"],
                deferrable=models.Deferrable.DEFERRED,
                name="%(class)s_position_is_used_once",
            ),
            models.CheckConstraint(
                condition=Q(delivery_channels__contained_by=DeliveryChannel.values),
                name="%(class)s_has_known_delivery_channels",
            ),
            models.CheckConstraint(
                condition=Q(delivery_channels__len__gt=0), name="%(class)s_is_sent_somehow"
            ),
            models.CheckConstraint(condition=Q(sample_percent__lte=100), name="%(class)s_sample_is_a_share"),
            models.CheckConstraint(
                condition=Q(age_limit_hours__gt=0), name="%(class)s_age_limit_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(follow_up_at_most__lte=4), name="%(class)s_follows_up_low_scores_only"
            ),
            models.CheckConstraint(
                condition=Q(link_valid_days__gt=0), name="%(class)s_link_is_valid_for_a_while"
            ),
            models.CheckConstraint(
                condition=Q(
                    partial_from_percent__gt=0,
                    complete_from_percent__gt=F("partial_from_percent"),
                    complete_from_percent__lte=100,
                ),
                name="%(class)s_partial_begins_below_complete",
                violation_error_message=_(
                    "“Partial” begins above 0 and below “complete”, which begins at 100 at most."
                ),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="takes_the_last_place",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__position__gte=LAST),
                func=_LAST_PLACE,
            ),
            pgtrigger.Trigger(
                name="limits_are_fixed_once_it_runs",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("complete_from_percent", "partial_from_percent"),
                func="""
                    IF EXISTS (SELECT FROM surveys_invitation WHERE survey_id = OLD.id) THEN
                        RAISE EXCEPTION 'limits of unfinished responses are fixed once it runs' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,  # noqa: E501 - another text would be another trigger
            ),
        ]

    def __str__(self) -> str:
        return self.name
