"""From the completed event to the answer: the funnel, the response rates and who was not asked."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from feedback_site.accounts.models import Principal
from feedback_site.accounts.selectors import organisation_settings
from feedback_site.dashboards.enums import Breakdown, FunnelStep, GoalVerdict, StoppedAt
from feedback_site.dashboards.selectors.cases import INELIGIBLE, CaseCount, CasePool, count_cases, pooled
from feedback_site.dashboards.selectors.filters import FigureChoices, FigureFilter, load_choices
from feedback_site.dashboards.selectors.groups import Group, groups_of, keys_of
from feedback_site.dashboards.selectors.shown import (
    ShownShare,
    goal_verdict,
    shown_count,
    shown_hits,
    shown_share,
)
from feedback_site.statistics.response_rates import Dispositions, OutcomeRates, outcome_rates
from surveys.enums import DecisionReason, VoidReason

_WEEK = timedelta(days=7)
_OF_INVITED = {FunnelStep.SENT, FunnelStep.VISITED, FunnelStep.SUBMITTED}


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its count (`hits`), and what its interval says about the goal."""

    hits: int | None
    share: ShownShare
    verdict: GoalVerdict


@dataclass(frozen=True, slots=True)
class CountedStep:
    """One step of the funnel: how many came this far, of those of the step before and of the first."""

    step: FunnelStep
    count: int | None
    of_previous: ShownShare | None
    of_first: ShownShare


@dataclass(frozen=True, slots=True)
class Reason:
    """Why completed events have no invitation that counts, and how many of all."""

    slug: str
    label: str
    is_eligible: bool
    count: int | None
    share: ShownShare


@dataclass(frozen=True, slots=True)
class Stop:
    """How far those came who opened the link and did not submit, and how many of all who opened it."""

    how: StoppedAt
    count: int | None
    share: ShownShare


@dataclass(frozen=True, slots=True)
class Rates:
    """RR1 (AAPOR): submitted of all invited, sent or not.

    Beside it submitted of delivered, and invited of served (completed).
    """

    rr1: Rate
    of_delivered: Rate
    coverage: Rate


@dataclass(frozen=True, slots=True)
class GroupRates:
    """One group of the breakdown; what its own cases are too few for is None."""

    group: Group
    completed: int | None
    invited: int | None
    submitted: int | None
    rates: Rates


@dataclass(frozen=True, slots=True)
class Week:
    """The response rate of the cases completed in the week that begins on `starts_on`, a Monday."""

    starts_on: date
    rate: Rate


@dataclass(frozen=True, slots=True)
class ResponseFunnel:
    """The page's figures.

    `completed` = invited + all `reasons`; `outcome_rates` (AAPOR, shares 0-1) from 30 invitations on.
    """

    filter: FigureFilter
    by: Breakdown
    goal: int
    is_empty: bool
    completed: int | None
    steps: list[CountedStep]
    rates: Rates
    outcome_rates: OutcomeRates | None
    stops: list[Stop]
    reasons: list[Reason]
    groups: list[GroupRates]
    weeks: list[Week]

    @property
    def with_partial_percent(self) -> float | None:
        """RR2: those who submitted and those whose answers stayed partial, of all invited."""
        return _percent(self.outcome_rates.rr2 if self.outcome_rates else None)

    @property
    def contact_percent(self) -> float | None:
        """CON1: those who opened the link of all invited."""
        return _percent(self.outcome_rates.con1 if self.outcome_rates else None)

    @property
    def cooperation_percent(self) -> float | None:
        """COOP1: those who answered of those who opened the link."""
        return _percent(self.outcome_rates.coop1 if self.outcome_rates else None)

    @property
    def refusal_percent(self) -> float | None:
        """REF1: those who opened the link and answered too little to count as partial, of all invited."""
        return _percent(self.outcome_rates.ref1 if self.outcome_rates else None)


def response_funnel(
    figure_filter: FigureFilter,
    user: Principal,
    *,
    by: Breakdown = Breakdown.TEAM,
    choices: FigureChoices | None = None,
) -> ResponseFunnel:
    """Return the funnel of the period within `user`'s scope.

    Takes one statement, and five for `choices` where they are not handed in.
    """
    choices = choices or load_choices(user=user)
    rows = count_cases(figure_filter, choices=choices, by=by)
    pool = pooled(rows)
    rates = _rates(pool)
    return ResponseFunnel(
        filter=figure_filter,
        by=by,
        goal=organisation_settings().response_rate_goal,
        is_empty=not pool.completed,
        completed=shown_count(pool.completed),
        steps=_steps(pool),
        rates=rates,
        outcome_rates=None
        if rates.rr1.verdict is GoalVerdict.TOO_FEW
        else outcome_rates(_dispositions(pool)),
        stops=[
            Stop(
                how, shown_hits(pool.stopped[how], pool.visited), shown_share(pool.stopped[how], pool.visited)
            )
            for how in StoppedAt
        ],
        reasons=_reasons(pool),
        groups=_groups(rows, by, choices, root=figure_filter.team_id),
        weeks=_weeks(rows, figure_filter),
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100


def _steps(pool: CasePool) -> list[CountedStep]:
    counts = {
        FunnelStep.COMPLETED: pool.completed,
        FunnelStep.ELIGIBLE: pool.eligible,
        FunnelStep.INVITED: pool.invited,
        FunnelStep.SENT: pool.sent,
        FunnelStep.VISITED: pool.visited,
        FunnelStep.SUBMITTED: pool.submitted,
    }
    before = [None, *counts.values()]
    return [
        _step(step, count, previous, pool)
        for (step, count), previous in zip(counts.items(), before, strict=False)
    ]


def _step(step: FunnelStep, count: int, previous: int | None, pool: CasePool) -> CountedStep:
    """Show a step as far as its base allows.

    What became of the invited rests on the invited, everything else on the completed.
    """
    if previous is None:
        return CountedStep(
            step=step, count=shown_count(count), of_previous=None, of_first=shown_share(count, count)
        )
    count_shown = shown_hits(count, pool.invited if step in _OF_INVITED else pool.completed)
    return CountedStep(
        step=step,
        count=count_shown,
        of_previous=shown_share(count, previous),
        of_first=shown_share(0, 0) if count_shown is None else shown_share(count, pool.completed),
    )


def _rates(pool: CasePool) -> Rates:
    return Rates(
        rr1=_rate(pool.submitted, pool.invited),
        of_delivered=_rate(pool.submitted, pool.delivered),
        coverage=_rate(pool.invited, pool.completed),
    )


def _rate(hits: int, n: int) -> Rate:
    share = shown_share(hits, n)
    return Rate(
        hits=shown_hits(hits, n),
        share=share,
        verdict=goal_verdict(share, goal=organisation_settings().response_rate_goal),
    )


def _dispositions(pool: CasePool) -> Dispositions:
    """Return AAPOR's dispositions, which prove that all are eligible.

    A customer who stopped early broke off (2.12), the others are partial (1.2).
    """
    partial = pool.stopped[StoppedAt.PARTIAL]
    return Dispositions(
        complete=pool.submitted,
        partial=partial,
        refusal=pool.visited - pool.submitted - partial,
        non_contact=pool.invited - pool.visited,
    )


def _reasons(pool: CasePool) -> list[Reason]:
    """List why events have no invitation that counts.

    Those that were never eligible come first, within them the most frequent.
    """
    withheld = [
        (reason.value, str(reason.label), reason.value not in INELIGIBLE, pool.withheld[reason.value])
        for reason in DecisionReason
    ]
    voided = [
        (f"voided_{reason.value}", str(VoidReason(reason).label), True, pool.voided[reason.value])
        for reason in VoidReason
    ]
    others = [
        ("answered_elsewhere", _("answered elsewhere"), True, pool.elsewhere),
        ("undecided", _("not decided yet"), False, pool.undecided),
    ]
    found = sorted(
        (reason for reason in [*withheld, *voided, *others] if reason[-1]),
        key=lambda reason: (reason[2], -reason[3]),
    )
    return [
        Reason(
            slug, label, is_eligible, shown_hits(count, pool.completed), shown_share(count, pool.completed)
        )
        for slug, label, is_eligible, count in found
    ]


def _groups(
    rows: Sequence[CaseCount], by: Breakdown, choices: FigureChoices, *, root: int | None
) -> list[GroupRates]:
    pools: defaultdict[str | None, CasePool] = defaultdict(CasePool)
    for row in rows:
        for key in keys_of(row.key, by, choices, root=root):
            pools[key].add(row)
    return [_group(group, pools[group.key]) for group in groups_of(by, choices, keys=list(pools))]


def _group(group: Group, pool: CasePool) -> GroupRates:
    return GroupRates(
        group=group,
        completed=shown_count(pool.completed),
        # That no one was invited is said; a few are as many as their rate rests on, and are not.
        invited=shown_count(pool.invited) if pool.invited else shown_hits(0, pool.completed),
        submitted=shown_hits(pool.submitted, pool.invited),
        rates=_rates(pool),
    )


def _weeks(rows: Sequence[CaseCount], figure_filter: FigureFilter) -> list[Week]:
    invited, submitted = _by_week(rows)
    week = figure_filter.from_on - timedelta(days=figure_filter.from_on.weekday())
    weeks = []
    while week <= figure_filter.to_on:
        weeks.append(Week(starts_on=week, rate=_rate(submitted[week], invited[week])))
        week += _WEEK
    return weeks


def _by_week(rows: Sequence[CaseCount]) -> tuple[Mapping[date, int], Mapping[date, int]]:
    invited: Counter[date] = Counter()
    submitted: Counter[date] = Counter()
    for row in rows:
        if row.outcome == "invited":
            invited[row.week] += row.cases
            submitted[row.week] += row.cases * row.is_submitted
    return invited, submitted
