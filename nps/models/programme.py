"""NPS programmes: who is asked every quarter, how many, and with what."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.models import ScopedQuerySet, Team
from feedback_site.common.texts import Named
from feedback_site.common.zones import company_zone_name, validate_zone
from feedback_site.delivery.enums import DeliveryChannel
from feedback_site.questionnaires.models import Questionnaire
from surveys.models.survey import default_channels


class ProgrammeQuerySet(ScopedQuerySet["Programme"]):
    """Programmes by team; one of every team is for those who see all."""

    is_aggregate = True


@pghistory.track()
class Programme(Named):
    """A quarterly programme.

    Its frame is every customer served in the last `frame_days`, stratified by segment and service
    channel.

    The target is the handbook's: a thousand completes a quarter. `expected_response_percent`
    turns completes into invitations before anything is known; waves then go by what was observed.
    """

    slug = models.SlugField(_("code"), max_length=60, unique=True)
    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name=_("questionnaire"), on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Customers of this team and the teams below it. Leave empty for all."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        default=company_zone_name,
        validators=[validate_zone],
        help_text=_("Quarters begin by this zone."),
    )
    frame_days = models.PositiveSmallIntegerField(
        _("served in the last (days)"),
        default=90,
        validators=[MinValueValidator(1)],
        help_text=_("Which customers are on the sampling list."),
    )
    target_completes = models.PositiveIntegerField(
        _("target of responses"), default=1000, validators=[MinValueValidator(1)]
    )
    minimum_per_stratum = models.PositiveIntegerField(
        _("least responses per group"),
        default=30,
        help_text=_("So that small groups can be told apart; fewer where there are fewer people."),
    )
    expected_response_percent = models.PositiveSmallIntegerField(
        _("expected response rate (%)"), default=25, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    cap_days = models.PositiveSmallIntegerField(
        _("days between invitations"),
        default=90,
        help_text=_("Minimum number of days between two NPS surveys of the same customer. 0: no limit."),
    )
    wave_days = models.PositiveSmallIntegerField(
        _("days between waves"), default=3, validators=[MinValueValidator(1)]
    )
    field_days = models.PositiveSmallIntegerField(
        _("survey period (days)"), default=21, validators=[MinValueValidator(1)]
    )
    delivery_channels = ArrayField(
        models.CharField(max_length=10, choices=DeliveryChannel),
        verbose_name=_("Delivery channels"),
        default=default_channels,
        help_text=_(
            "The first channel for which we have a contact is used. If sending fails, the next one is tried."
        ),
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Each quarter's campaign is prepared by itself.")
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("NPS programme")
        verbose_name_plural = _("NPS programmes")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    delivery_channels__contained_by=DeliveryChannel.values, delivery_channels__len__gt=0
                ),
                name="%(class)s_has_known_delivery_channels",
            ),
            models.CheckConstraint(
                condition=Q(target_completes__gte=1, frame_days__gte=1, wave_days__gte=1, field_days__gte=1),
                name="%(class)s_figures_are_positive",
            ),
            models.CheckConstraint(
                condition=Q(expected_response_percent__gte=1, expected_response_percent__lte=100),
                name="%(class)s_response_is_a_share",
            ),
        ]
