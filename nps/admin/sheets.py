"""What a campaign's page shows in each state: the selectors' figures, laid out in rows and columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import capfirst
from django.utils.translation import gettext as _

from feedback_site.evaluations.rules import visibility_of
from nps.enums import LAUNCHED, CampaignStatus, Exclusion
from nps.models import Campaign
from nps.selectors.launching import LaunchFigures, launch_figures
from nps.selectors.progress import Progress, campaign_progress
from nps.selectors.results import CampaignResult, Change, StratumResult, campaign_result
from nps.selectors.strata import Exclusions
from nps.templatetags.campaigns import quarter, score_interval, signed

_TEMPLATES = {
    CampaignStatus.PREPARED.value: "nps/campaign_prepared.html",
    CampaignStatus.DRAWING.value: "nps/campaign_drawing.html",
    CampaignStatus.DRAWN.value: "nps/campaign_drawn.html",
    CampaignStatus.RUNNING.value: "nps/campaign_field.html",
    CampaignStatus.PAUSED.value: "nps/campaign_field.html",
    CampaignStatus.REACHED.value: "nps/campaign_field.html",
    CampaignStatus.EXHAUSTED.value: "nps/campaign_field.html",
    CampaignStatus.CLOSED.value: "nps/campaign_closed.html",
    CampaignStatus.CANCELLED.value: "nps/campaign_cancelled.html",
}


@dataclass(frozen=True, slots=True)
class StratumRow:
    """One stratum: `figures` are the selector's, `excluded` stands under the columns' reasons."""

    figures: Any
    excluded: list[int]
    visibility: str
    result: StratumResult | None = None


@dataclass(frozen=True, slots=True)
class CampaignSheet:
    """The page of one campaign; what its state does not have is None."""

    campaign: Campaign
    template: str
    reasons: list[tuple[str, int]]
    rows: list[StratumRow]
    launch: LaunchFigures | None = None
    progress: Progress | None = None
    result: CampaignResult | None = None
    change: str = ""


def sheet_of(campaign: Campaign) -> CampaignSheet:
    """Return the page's figures."""
    template = _TEMPLATES[campaign.status]
    if campaign.status == CampaignStatus.DRAWN:
        launch = launch_figures(campaign)
        reasons, rows = _table(launch.strata, launch.excluded, {})
        return CampaignSheet(campaign, template, reasons, rows, launch=launch)
    if campaign.status in LAUNCHED:
        progress, result = campaign_progress(campaign), campaign_result(campaign)
        totals = {reason: sum(row.excluded.get(reason, 0) for row in progress.strata) for reason in Exclusion}
        reasons, rows = _table(progress.strata, totals, {row.stratum.pk: row for row in result.strata})
        return CampaignSheet(
            campaign,
            template,
            reasons,
            rows,
            progress=progress,
            result=result,
            change=change_in_words(result.change),
        )
    return CampaignSheet(campaign, template, [], [])


def _table(
    strata: Sequence[Any], totals: Exclusions, results: Mapping[int, StratumResult]
) -> tuple[list[tuple[str, int]], list[StratumRow]]:
    """Return the reasons that occur, each with its total, and the strata with a number under each."""
    reasons = [reason for reason in Exclusion if totals.get(reason)]
    rows = [
        StratumRow(
            figures=row,
            excluded=[row.excluded.get(reason, 0) for reason in reasons],
            visibility=visibility_of(getattr(row, "invited", 0)).value,
            result=results.get(row.stratum.pk),
        )
        for row in strata
    ]
    return [(capfirst(str(reason.label)), totals[reason]) for reason in reasons], rows


def change_in_words(change: Change) -> str:
    """Return the change on the last campaign as a sentence."""
    if change.against is None:
        return _("There is no earlier campaign to compare with.")
    against = quarter(change.against)
    if change.direction is None:
        return _("Too few answers to compare with %(quarter)s: both need 30.") % {"quarter": against}
    sentences = {
        "up": _("Up on %(quarter)s: %(difference)s points (95%% confidence interval %(interval)s)."),
        "down": _("Down on %(quarter)s: %(difference)s points (95%% confidence interval %(interval)s)."),
        "no_clear_change": _(
            "No clear change on %(quarter)s: %(difference)s points (95%% confidence interval %(interval)s)."
        ),
    }
    figures = {
        "quarter": against,
        "difference": signed(change.difference),
        "interval": score_interval(change.low, change.high),
    }
    return sentences[change.direction] % figures
