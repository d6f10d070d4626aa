"""What measurements and records share: what they are about, and which period."""

from collections.abc import Collection
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models import Principal, ScopedQuerySet, Team
from feedback_site.accounts.models.scope import ModelT_co
from feedback_site.evaluations.enums import PeriodKind, SubjectKind
from feedback_site.evaluations.rules import Period, Subject
from feedback_site.evaluations.rules.periods import DAYS, MONTHS
from feedback_site.evaluations.rules.subjects import KEYS, KEYS_ALLOWED, KEYS_NEEDED
from feedback_site.service_events.models import Agent, ServiceChannel, ServiceKind

_YEAR = 12


def _names_its_subject() -> Q:
    """Exactly the keys of its kind are set."""
    condition = Q()
    for kind in SubjectKind:
        keys = {
            f"{key}__isnull": key not in KEYS_NEEDED[kind] for key in KEYS if key not in KEYS_ALLOWED[kind]
        }
        condition |= Q(subject_kind=kind, **keys)
    return condition


def _begins_its_period() -> Q:
    """The first day is one on which a period of its kind begins."""
    condition = Q()
    for kind, days in DAYS.items():
        condition |= Q(period_kind=kind) if days == 1 else Q(period_kind=kind, period_start__iso_week_day=1)
    for kind, months in MONTHS.items():
        first = list(range(1, _YEAR + 1, months))
        condition |= Q(period_kind=kind, period_start__day=1, period_start__month__in=first)
    return condition


class SubjectQuerySet(ScopedQuerySet[ModelT_co]):
    """Rows about subjects: who sees the team sees them.

    Management sees the figures of many, and no colleague's. What is about the whole company has no team:
    it is seen by those who see all teams.
    """

    is_aggregate = True
    # The path from the row to the one that states the subject.
    subject_lookup: ClassVar[str] = ""

    def for_user(self, principal: Principal) -> Self:
        """Return the rows that `principal` may see."""
        rows = super().for_user(principal)
        if principal.data_scope is DataScope.AGGREGATES:
            return rows.exclude(**{f"{self.subject_lookup}subject_kind": SubjectKind.AGENT})
        return rows

    def of_teams(self) -> Self:
        """Return what is about teams themselves."""
        return self.filter(**{f"{self.subject_lookup}subject_kind": SubjectKind.TEAM})


class OfSubject(models.Model):
    """One subject in one period."""

    subject_kind = models.CharField(
        pgettext_lazy("evaluation", "subject"), max_length=10, choices=SubjectKind, default=SubjectKind.TEAM
    )
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agent = models.ForeignKey(
        Agent, verbose_name=_("agent"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    channel = models.ForeignKey(
        ServiceChannel,
        verbose_name=_("service channel"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    kind = models.ForeignKey(
        ServiceKind,
        verbose_name=_("service type"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    period_kind = models.CharField(_("period kind"), max_length=10, choices=PeriodKind)
    period_start = models.DateField(_("period start"))

    class Meta:
        abstract = True
        constraints = [
            # Both name every kind that there is.
            models.CheckConstraint(condition=_names_its_subject(), name="%(class)s_names_its_subject"),
            models.CheckConstraint(condition=_begins_its_period(), name="%(class)s_begins_its_period"),
        ]

    @property
    def subject(self) -> Subject:
        """What it is about, by ids."""
        return Subject(self.subject_kind, self.team_id, self.agent_id, self.channel_id, self.kind_id)

    @property
    def period(self) -> Period:
        """When it was."""
        return Period(self.period_kind, self.period_start)


def condition_of(subjects: Collection[Subject]) -> Q:
    """Return what rows about these subjects have in common.

    Few others have it too: those that the teams and the colleagues, channels or kinds make together.
    """
    by_kind: dict[str, list[Subject]] = {}
    for subject in subjects:
        by_kind.setdefault(subject.subject_kind, []).append(subject)
    condition = Q(pk__in=[])
    for kind, of_kind in by_kind.items():
        keys = {
            f"{key}_id__in": {getattr(subject, f"{key}_id") for subject in of_kind}
            for key in KEYS_NEEDED[kind] | KEYS_ALLOWED[kind]
        }
        teams = keys.pop("team_id__in", {None})
        condition |= Q(_within(teams), subject_kind=kind, **keys)
    return condition


def _within(team_ids: Collection[int | None]) -> Q:
    """Return the condition of being measured within these teams; None is the whole company."""
    teams = Q(team_id__in=[team_id for team_id in team_ids if team_id is not None])
    return teams | Q(team__isnull=True) if None in team_ids else teams


def subject_in_words(row: OfSubject) -> str:
    """Return what a row is about, in the reader's language; reads the team, colleague, channel and kind."""
    team = row.team.name if row.team else gettext("whole company")
    named = {
        SubjectKind.TEAM: "",
        SubjectKind.AGENT: str(row.agent),
        SubjectKind.CHANNEL: row.channel and row.channel.name,
        SubjectKind.KIND: row.kind and row.kind.name,
        SubjectKind.WHOLE: "",
    }[SubjectKind(row.subject_kind)]
    return f"{named} · {team}" if named else team


def code_of_subject(row: OfSubject) -> str:
    """Return a row's subject by its codes, as systems know it: of an agent the staff number."""
    return {
        SubjectKind.TEAM: row.team and row.team.code,
        SubjectKind.AGENT: row.agent and row.agent.code,
        SubjectKind.CHANNEL: row.channel and row.channel.slug,
        SubjectKind.KIND: row.kind and row.kind.slug,
        SubjectKind.WHOLE: "",
    }[SubjectKind(row.subject_kind)] or ""
