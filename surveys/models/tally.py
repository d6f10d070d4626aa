"""Counts that dashboards and evaluations read instead of raw rows."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.models import ScopedQuerySet, Team
from feedback_site.common.constraints import one_of
from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Segment
from feedback_site.evaluations.models import Indicator
from feedback_site.service_events.models import Agent, ServiceChannel, ServiceKind
from surveys.enums import TallyMeasure
from surveys.models.survey import Survey


class ResponseTallyQuerySet(ScopedQuerySet["ResponseTally"]):
    is_aggregate = True


class ResponseTally(models.Model):
    """How many responses gave one value of one measure.

    By purpose, day, team, survey, kind, channel and segment.

    `day` is the event's local completion date, `team` the credited one. For
    the measure `response` the value is 0. The purpose keeps what customers
    said of a service apart from what a return visit or a campaign asked them.
    """

    purpose = models.CharField(
        pgettext_lazy("response", "survey type"), max_length=10, choices=Purpose, default=Purpose.SURVEY
    )
    day = models.DateField(_("day"))
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="+")
    survey = models.ForeignKey(
        Survey, verbose_name=_("survey rule"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    kind = models.ForeignKey(
        ServiceKind, verbose_name=_("kind"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    channel = models.ForeignKey(
        ServiceChannel,
        verbose_name=_("service channel"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    segment = models.ForeignKey(
        Segment, verbose_name=_("segment"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    measure = models.CharField(_("measure"), max_length=15, choices=TallyMeasure)
    value = models.PositiveSmallIntegerField(_("value"))
    count = models.IntegerField(_("count"))

    objects = ResponseTallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("response tally")
        verbose_name_plural = _("response tallies")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "day", "purpose", "measure", "value", "survey", "kind", "channel", "segment"],
                nulls_distinct=False,
                name="%(class)s_is_one_cell",
            ),
            one_of("purpose", Purpose, name="has_a_known_purpose"),
            one_of("measure", TallyMeasure, name="has_a_known_measure"),
            models.CheckConstraint(condition=Q(count__gte=0), name="%(class)s_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.team_id} {self.measure} {self.value}: {self.count}"


class AgentTallyQuerySet(ScopedQuerySet["AgentTally"]):
    """Counts by person: no figures of many."""


class AgentTally(models.Model):
    """The same by agent, in a table of its own: with the agent the cube would outgrow the raw rows."""

    purpose = models.CharField(
        pgettext_lazy("response", "survey type"), max_length=10, choices=Purpose, default=Purpose.SURVEY
    )
    day = models.DateField(_("day"))
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Agent, verbose_name=_("agent"), on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(_("measure"), max_length=15, choices=TallyMeasure)
    value = models.PositiveSmallIntegerField(_("value"))
    count = models.IntegerField(_("count"))

    objects = AgentTallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agent tally")
        verbose_name_plural = _("agent tallies")
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "team", "day", "purpose", "measure", "value"], name="%(class)s_is_one_cell"
            ),
            one_of("purpose", Purpose, name="has_a_known_purpose"),
            one_of("measure", TallyMeasure, name="has_a_known_measure"),
            models.CheckConstraint(condition=Q(count__gte=0), name="%(class)s_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.agent_id} {self.measure} {self.value}: {self.count}"


class IndicatorTallyQuerySet(ScopedQuerySet["IndicatorTally"]):
    is_aggregate = True


class IndicatorTally(models.Model):
    """How many answers gave one value to one indicator that only the survey can tell.

    They are about services of one day and team.

    `value` is 1-5 where the indicator is rated, 1 or 0 where it is a share: the answer fulfils it or not.
    """

    day = models.DateField(_("day"))
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(
        Indicator, verbose_name=_("indicator"), on_delete=models.PROTECT, related_name="+"
    )
    value = models.PositiveSmallIntegerField(_("value"))
    count = models.IntegerField(_("count"))

    objects = IndicatorTallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator tally")
        verbose_name_plural = _("indicator tallies")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "day", "indicator", "value"], name="%(class)s_is_one_cell"
            ),
            models.CheckConstraint(condition=Q(value__lte=5), name="%(class)s_is_at_most_5"),
            models.CheckConstraint(condition=Q(count__gte=0), name="%(class)s_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.team_id} {self.indicator_id} {self.value}: {self.count}"
