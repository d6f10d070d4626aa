"""What a campaign found: counts, score and change, as far as few answers allow them to be shown.

While a campaign runs its answers are counted; once it is closed the
figures that were frozen then are shown, whatever happens to the code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Literal

from feedback_site.evaluations.rules import is_firm
from feedback_site.statistics.net_promoter import compare_periods
from nps.enums import CampaignStatus
from nps.models import Campaign, CampaignStratum
from nps.rules import SCORES
from nps.selectors.scores import ScoreFigures, ShownScore, figures_of, read_figures, shown_score
from nps.selectors.strata import counts_by_stratum, label_of, strata_of

Direction = Literal["up", "down", "no_clear_change"]


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
class CampaignFigures:
    """All figures of a campaign, those of its strata by id. Nothing is hidden in them: never show them."""

    whole: ScoreFigures
    strata: Mapping[int, ScoreFigures]
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumResult(ShownScore):
    """One stratum's score; what too few answers forbid to show is None."""

    label: str
    stratum: CampaignStratum


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignResult(ShownScore):
    """A campaign's Net Promoter Score in points with its adjusted Wald interval (Rocks 2016).

    What is shown of it follows the same rule.
    """

    strata: list[StratumResult]
    change: Change
    is_final: bool


def campaign_result(campaign: Campaign) -> CampaignResult:
    """Return the result: live while the campaign runs, as frozen once it is closed."""
    is_final = campaign.status == CampaignStatus.CLOSED
    figures = read_result(campaign.result) if is_final and campaign.result else count_result(campaign)
    strata = [
        StratumResult(label=label_of(row), stratum=row, **_shown(figures.strata.get(row.pk, _NOTHING)))
        for row in strata_of(campaign)
    ]
    return CampaignResult(strata=strata, change=figures.change, is_final=is_final, **_shown(figures.whole))


def count_result(campaign: Campaign) -> CampaignFigures:
    """Return all figures of the answers so far, as they are frozen at the close."""
    by_stratum = counts_by_stratum(campaign)
    counts = [sum(column) for column in zip(*by_stratum.values(), strict=True)] or [0] * SCORES
    return CampaignFigures(
        whole=figures_of(counts),
        strata={stratum_id: figures_of(own) for stratum_id, own in sorted(by_stratum.items())},
        change=_compare(campaign, counts),
    )


def write_result(figures: CampaignFigures) -> Mapping[str, Any]:
    """Return figures as JSON: what a closed campaign keeps. A change says only what there is to say."""
    change = {name: value for name, value in asdict(figures.change).items() if value is not None}
    if figures.change.against:
        change["against"] = figures.change.against.isoformat()
    strata = [{"stratum": stratum_id, **asdict(own)} for stratum_id, own in figures.strata.items()]
    return {**asdict(figures.whole), "strata": strata, "change": {"direction": None, **change}}


def read_result(frozen: Mapping[str, Any]) -> CampaignFigures:
    """Return the figures that a closed campaign keeps."""
    change = frozen["change"]
    against = date.fromisoformat(change["against"]) if "against" in change else None
    return CampaignFigures(
        whole=read_figures(frozen),
        strata={row["stratum"]: read_figures(row) for row in frozen["strata"]},
        change=Change(**{**change, "against": against}),
    )


def last_closed(campaign: Campaign) -> Campaign | None:
    """Return the programme's last closed campaign of an earlier quarter."""
    closed = Campaign.objects.filter(programme_id=campaign.programme_id, status=CampaignStatus.CLOSED)
    return closed.filter(quarter_start__lt=campaign.quarter_start).order_by("-quarter_start").first()


_NOTHING = figures_of([0] * SCORES)


def _shown(figures: ScoreFigures) -> Mapping[str, Any]:
    score = shown_score(figures)
    return {one.name: getattr(score, one.name) for one in fields(score)}


def _compare(campaign: Campaign, counts: Sequence[int]) -> Change:
    earlier = last_closed(campaign)
    if earlier is None or not earlier.result:
        return Change(None)
    before = read_result(earlier.result).whole
    if not (is_firm(before.n) and is_firm(sum(counts))):
        return Change(None, against=earlier.quarter_start)
    change = compare_periods(before.counts, counts)
    return Change(
        direction=_direction(change.difference or 0.0, is_clear=change.significant),
        difference=change.difference,
        low=change.interval.low if change.interval else None,
        high=change.interval.high if change.interval else None,
        p_value=change.p_value,
        against=earlier.quarter_start,
    )


def _direction(difference: float, *, is_clear: bool | None) -> Direction:
    # Where neither period varies there is no test: all customers changed their mind, or none.
    if not difference or is_clear is False:
        return "no_clear_change"
    return "up" if difference > 0 else "down"
