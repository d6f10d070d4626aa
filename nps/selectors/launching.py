"""What staff should know before a campaign is launched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback_site.common.listing import listed
from feedback_site.evaluations.rules import is_firm
from feedback_site.questionnaires.document import Document
from feedback_site.questionnaires.enums import Metric
from feedback_site.statistics.sample_size import margin_of_net_promoter_score
from nps.enums import CampaignStatus, Exclusion
from nps.models import Campaign, CampaignStratum
from nps.rules import expected_completes, smallest_change
from nps.selectors.results import last_closed
from nps.selectors.scores import read_figures
from nps.selectors.strata import Exclusions, exclusions_of, label_of, strata_of

# Before the first campaign is not known the shares: those of the indicator's baseline, a score of 20 points.
ASSUMED_PROMOTERS, ASSUMED_DETRACTORS = 0.4, 0.2


@dataclass(frozen=True, slots=True)
class StratumFigures:
    """One stratum of the frame: who is in it, who can be asked, and what is planned.

    Planned are completes and invitations.
    """

    label: str
    stratum: CampaignStratum
    frame: int
    contactable: int
    excluded: Exclusions
    allocated: int
    needed: int
    expected_completes: int


@dataclass(frozen=True, slots=True)
class Assumption:
    """The shares (0-1) that margin and smallest change rest on.

    With `campaign` None they are assumed, else they are those of the last campaign.
    """

    promoters: float
    detractors: float
    campaign: Campaign | None = None


@dataclass(frozen=True, slots=True)
class LaunchFigures:
    """The launch page. `wanted` completes take `needed` invitations at the expected response rate.

    `margin` is half the 95 % interval in points, `smallest_change` what could be told from chance between
    two such campaigns (80 % power). `obstacles` keep the campaign from being launched, `warnings` do not.
    """

    frame: int
    contactable: int
    excluded: Exclusions
    wanted: int
    needed: int
    expected_completes: int
    margin: float | None
    smallest_change: float | None
    assumption: Assumption
    strata: list[StratumFigures]
    warnings: list[str]
    obstacles: list[str]


def launch_figures(campaign: Campaign) -> LaunchFigures:
    """Return the figures of a drawn campaign; of one that is not drawn yet they are zero. Four queries."""
    excluded = exclusions_of(campaign)
    strata = [_stratum(campaign, row, excluded) for row in strata_of(campaign)]
    completes = expected_completes(sum(row.needed for row in strata), campaign.expected_response_percent)
    assumption = _assumption(campaign)
    shares = {"promoters": assumption.promoters, "detractors": assumption.detractors}
    return LaunchFigures(
        frame=sum(row.frame for row in strata),
        contactable=sum(row.contactable for row in strata),
        excluded=_summed([row.excluded for row in strata]),
        wanted=sum(row.allocated for row in strata),
        needed=sum(row.needed for row in strata),
        expected_completes=completes,
        margin=margin_of_net_promoter_score(completes, assumption.promoters, assumption.detractors),
        smallest_change=smallest_change(completes, **shares),
        assumption=assumption,
        strata=strata,
        warnings=_warnings(campaign, strata, completes),
        obstacles=launch_obstacles(campaign),
    )


def launch_obstacles(campaign: Campaign) -> list[str]:
    """Return a sentence for everything that keeps the campaign from being launched."""
    if campaign.status != CampaignStatus.DRAWN:
        return [_("Only a campaign whose sample is drawn can be launched.")]
    obstacles = []
    sizes = list(campaign.strata.values_list("frame", "contactable"))
    if not sum(frame for frame, _contactable in sizes):
        obstacles.append(
            _("No customer was served in the period of this campaign, so there is no one to invite.")
        )
    elif not sum(contactable for _frame, contactable in sizes):
        obstacles.append(
            _("No customer on the sampling list can be invited. See the reasons for each group.")
        )
    if campaign.version is None or not asks_for_recommendation(campaign.version.content):
        obstacles.append(_("The questionnaire has no question that counts as recommendation."))
    return obstacles


def asks_for_recommendation(document: Document) -> bool:
    """Whether a published questionnaire holds a question that counts as recommendation."""
    return any(question.metric == Metric.NPS for question in document.questions)


def _stratum(campaign: Campaign, row: CampaignStratum, excluded: Mapping[int, Exclusions]) -> StratumFigures:
    return StratumFigures(
        label=label_of(row),
        stratum=row,
        frame=row.frame,
        contactable=row.contactable,
        excluded=excluded.get(row.pk, {}),
        allocated=row.allocated,
        needed=row.needed,
        expected_completes=expected_completes(row.needed, campaign.expected_response_percent),
    )


def _assumption(campaign: Campaign) -> Assumption:
    last = last_closed(campaign)
    figures = read_figures(last.result) if last and last.result else None
    if last is None or figures is None or not is_firm(figures.n):
        return Assumption(ASSUMED_PROMOTERS, ASSUMED_DETRACTORS)
    return Assumption(figures.promoters / figures.n, figures.detractors / figures.n, last)


def _summed(excluded: Sequence[Exclusions]) -> Exclusions:
    totals = {reason: sum(of_stratum.get(reason, 0) for of_stratum in excluded) for reason in Exclusion}
    return {reason: total for reason, total in totals.items() if total}


def _warnings(campaign: Campaign, strata: Sequence[StratumFigures], completes: int) -> list[str]:
    peopled = [row for row in strata if row.frame]
    unreachable = [row.label for row in peopled if not row.contactable]
    warnings = [
        _("No customer in the group “%(stratum)s” can be invited.") % {"stratum": label}
        for label in unreachable
    ]
    if strata and completes < campaign.target_completes:
        text = ngettext(
            "The expected response rate gives %(expected)s response; the target is %(target)s.",
            "The expected response rate gives %(expected)s responses; the target is %(target)s.",
            completes,
        )
        warnings.append(text % {"expected": completes, "target": campaign.target_completes})
    reachable = [row for row in strata if row.contactable]
    few = [row.label for row in reachable if row.expected_completes < campaign.minimum_per_stratum]
    if few:
        text = _("Fewer than %(least)s responses are expected in: %(strata)s.")
        warnings.append(text % {"least": campaign.minimum_per_stratum, "strata": listed(few)})
    return warnings
