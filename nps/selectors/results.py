"""What a campaign found: counts, score and change, as far as few answers allow them to be shown.

While a campaign runs its answers are counted; once it is closed the
figures that were frozen then are shown, whatever happens to the code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from feedback_site.evaluations.rules import Visibility, is_firm
from feedback_site.statistics.net_promoter import compare_periods
from nps.enums import CampaignStatus
from nps.models import Campaign, CampaignStratum
from nps.rules import SCORES
from nps.selectors.scores import figures_of, shown_figures
from nps.selectors.strata import counts_by_stratum, label_of, strata_of

Direction = Literal["up", "down", "no_clear_change"]
Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of the answers in percent."""

    promoters: float
    passives: float
    detractors: float


@dataclass(frozen=True, slots=True)
class Change:
    """Change on the last closed campaign of the programme in points, with its 95 % interval.

    The two campaigns are independent samples.

    `direction` None: nothing to compare with, or fewer than 30 answers in one of the two.
    """

    direction: Direction | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    against: date | None = None


@dataclass(frozen=True, slots=True)
class StratumResult:
    """One stratum's score; what too few answers forbid to show is None."""

    label: str
    stratum: CampaignStratum
    visibility: Visibility
    n: int | None
    promoters: int | None
    passives: int | None
    detractors: int | None
    nps: float | None
    low: float | None
    high: float | None
    shares: Shares | None


@dataclass(frozen=True, slots=True)
class CampaignResult:
    """A campaign's Net Promoter Score in points with its adjusted Wald interval (Rocks 2016).

    What is shown of it follows the same rule.
    """

    visibility: Visibility
    n: int | None
    promoters: int | None
    passives: int | None
    detractors: int | None
    nps: float | None
    low: float | None
    high: float | None
    shares: Shares | None
    strata: list[StratumResult]
    change: Change
    is_final: bool


def campaign_result(campaign: Campaign) -> CampaignResult:
    """Return the result: live while the campaign runs, as frozen once it is closed."""
    figures = (
        campaign.result
        if campaign.status == CampaignStatus.CLOSED and campaign.result
        else count_result(campaign)
    )
    by_stratum = {row["stratum"]: row for row in figures["strata"]}
    strata = [
        StratumResult(label_of(row), row, **_shown(by_stratum.get(row.pk, _NOTHING)))
        for row in strata_of(campaign)
    ]
    return CampaignResult(
        **_shown(figures),
        strata=strata,
        change=_change_of(figures["change"]),
        is_final=campaign.status == CampaignStatus.CLOSED,
    )


def count_result(campaign: Campaign) -> Figures:
    """Return all figures of the answers so far, as they are frozen at the close.

    Nothing is hidden in it: never show it.
    """
    by_stratum = counts_by_stratum(campaign)
    counts = [sum(column) for column in zip(*by_stratum.values(), strict=True)] or [0] * SCORES
    strata = [
        {"stratum": stratum_id, **_scored(of_stratum)}
        for stratum_id, of_stratum in sorted(by_stratum.items())
    ]
    return {**_scored(counts), "strata": strata, "change": _compare(campaign, counts)}


def last_closed(campaign: Campaign) -> Campaign | None:
    """Return the programme's last closed campaign of an earlier quarter."""
    closed = Campaign.objects.filter(programme_id=campaign.programme_id, status=CampaignStatus.CLOSED)
    return closed.filter(quarter_start__lt=campaign.quarter_start).order_by("-quarter_start").first()


def _scored(counts: Sequence[int]) -> Figures:
    return {"counts": list(counts), **figures_of(counts)}


_NOTHING: Figures = _scored([0] * SCORES)


def _shown(figures: Mapping[str, Any]) -> dict[str, Any]:
    shown = shown_figures(figures)
    shares = shown["shares"]
    return {**shown, "shares": None if shares is None else Shares(**shares)}


def _compare(campaign: Campaign, counts: Sequence[int]) -> Figures:
    earlier = last_closed(campaign)
    if earlier is None or not earlier.result:
        return {"direction": None}
    before: list[int] = earlier.result["counts"]
    against = {"against": earlier.quarter_start.isoformat()}
    if not (is_firm(sum(before)) and is_firm(sum(counts))):
        return {"direction": None, **against}
    change = compare_periods(before, counts)
    return {
        "direction": _direction(change.difference or 0.0, is_clear=change.significant),
        "difference": change.difference,
        "low": change.interval.low if change.interval else None,
        "high": change.interval.high if change.interval else None,
        "p_value": change.p_value,
        **against,
    }


def _direction(difference: float, *, is_clear: bool | None) -> Direction:
    # Where neither period varies there is no test: all customers changed their mind, or none.
    if not difference or is_clear is False:
        return "no_clear_change"
    return "up" if difference > 0 else "down"


def _change_of(figures: Mapping[str, Any]) -> Change:
    against = figures.get("against")
    return Change(**{**figures, "against": date.fromisoformat(against) if against else None})
