"""What a sample must fulfil before it may speak for all customers, each answered with yes, no or no data."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback_site.accounts.selectors import organisation_settings
from feedback_site.dashboards.enums import Finding
from feedback_site.dashboards.selectors.shown import ShownShare, shown_count, shown_hits, shown_share
from feedback_site.evaluations.rules import Visibility
from feedback_site.statistics.sampling import check_sample

_UNSHOWN = {Visibility.NOTHING, Visibility.COUNT}


@dataclass(frozen=True, slots=True)
class People:
    """Customers, each counted once: served, invited, heard."""

    population: int
    invited: int
    respondents: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion, what came of it, and the figures behind it in words."""

    slug: str
    sentence: str
    finding: Finding
    basis: str


@dataclass(frozen=True, slots=True)
class CriteriaVerdict:
    """All criteria in one sentence: yes, no, or no data."""

    finding: Finding
    sentence: str


def check_criteria(
    *,
    all_people: People,
    complainants: People,
    complainants_served: People,
    segments: Sequence[tuple[str, People]],
) -> list[Criterion]:
    """Answer every criterion.

    `complainants` are all of the days before the period's end, `complainants_served` those among all
    customers served.
    """
    return [
        _enough_of_all(all_people, complainants),
        _enough_answers(all_people),
        *(_covers(label, people) for label, people in segments),
        _not_only_satisfied(all_people, complainants_served),
    ]


def verdict_of(criteria: Sequence[Criterion], all_people: People) -> CriteriaVerdict:
    """Sum the criteria up: one that is not met decides, then one without data."""
    if not all_people.population:
        return CriteriaVerdict(
            Finding.NO_DATA, _("No customer was served in this period: there is nothing to compare.")
        )
    if not _is_enough(all_people.population):
        return CriteriaVerdict(Finding.NO_DATA, _("Fewer than 10 customers were served: too few to compare."))
    failed = sum(criterion.finding is Finding.NO for criterion in criteria)
    if failed:
        sentence = ngettext(
            "The answers do not speak for all customers served: %(failed)d of %(all)d criteria is not met.",
            "The answers do not speak for all customers served: %(failed)d of %(all)d criteria are not met.",
            failed,
        )
        return CriteriaVerdict(Finding.NO, sentence % {"failed": failed, "all": len(criteria)})
    unknown = sum(criterion.finding is Finding.NO_DATA for criterion in criteria)
    if unknown:
        sentence = ngettext(
            "It is too early to say whether the responses represent all customers served: %(unknown)d "
            "criterion has no data.",
            "It is too early to say whether the responses represent all customers served: %(unknown)d "
            "criteria have no data.",
            unknown,
        )
        return CriteriaVerdict(Finding.NO_DATA, sentence % {"unknown": unknown})
    return CriteriaVerdict(
        Finding.YES, _("The responses represent all customers served: every criterion is met.")
    )


def _enough_of_all(all_people: People, complainants: People) -> Criterion:
    customers = shown_share(all_people.respondents, all_people.population)
    complained = shown_share(complainants.respondents, complainants.population)
    goals = organisation_settings()
    met = check_sample(
        customers=all_people.population if _is_shown(customers) else 0,
        sample=all_people.respondents if _is_shown(customers) else 0,
        complainants=complainants.population if _is_shown(complained) else 0,
        sampled_complainants=complainants.respondents if _is_shown(complained) else 0,
        segments={},
        customer_percent=goals.sample_customers_percent,
        complainant_percent=goals.sample_complainants_percent,
    ).met
    return Criterion(
        slug="enough_of_all",
        sentence=_(
            "Answers from at least %(customers)d%% of the customers served, or from %(complainants)d%% of "
            "the complainants of the last %(days)d days"
        )
        % {
            "customers": goals.sample_customers_percent,
            "complainants": goals.sample_complainants_percent,
            "days": goals.complainant_days,
        },
        finding=_finding(met, is_known=_is_shown(customers)),
        basis=_("customers: %(customers)s; complainants: %(complainants)s")
        % {
            "customers": _in_words(customers, all_people),
            "complainants": _in_words(complained, complainants),
        },
    )


def _enough_answers(all_people: People) -> Criterion:
    is_known = _is_enough(all_people.population)
    least = organisation_settings().least_answers
    shown = shown_count(all_people.respondents) if is_known else None
    return Criterion(
        slug="enough_answers",
        sentence=_("Answers from at least %(least)d customers") % {"least": least},
        finding=_finding(all_people.respondents >= least, is_known=is_known),
        basis=_("too few to say") if shown is None else _("%(count)d answered") % {"count": shown},
    )


def _covers(label: str, people: People) -> Criterion:
    count = shown_hits(people.respondents, people.population)
    return Criterion(
        slug="covers_segment",
        sentence=_("Customers are covered: %(segment)s") % {"segment": label},
        finding=_finding(people.respondents > 0, is_known=count is not None),
        basis=_("fewer than 10 customers served")
        if count is None
        else _("%(count)d of %(population)d answered") % {"count": count, "population": people.population},
    )


def _not_only_satisfied(all_people: People, complainants: People) -> Criterion:
    """Check that complainants, who stand for the dissatisfied, are heard.

    Their share among those heard must not lie clearly below that among those served.
    """
    served = shown_share(complainants.population, all_people.population)
    heard = shown_share(complainants.respondents, all_people.respondents)
    is_known = (
        served.percent is not None and heard.interval is not None and _is_enough(complainants.population)
    )
    is_met = is_known and complainants.respondents > 0 and _reaches(heard, served)
    return Criterion(
        slug="not_only_satisfied",
        sentence=_(
            "Not only satisfied customers answer: the share of complainants among respondents is no lower "
            "than among customers served"
        ),
        finding=_finding(is_met, is_known=is_known),
        basis=_("%(answered)s of respondents, %(served)s of customers served")
        % {"answered": _percent(heard), "served": _percent(served)}
        if is_known
        else _("too few complainants or answers to say"),
    )


def _reaches(heard: ShownShare, served: ShownShare) -> bool:
    return heard.interval is not None and served.percent is not None and heard.interval.high >= served.percent


def _is_enough(n: int) -> bool:
    return shown_hits(0, n) is not None


def _is_shown(share: ShownShare) -> bool:
    return share.visibility not in _UNSHOWN


def _finding(is_met: bool, *, is_known: bool) -> Finding:  # noqa: FBT001 - what is found comes first
    if not is_known:
        return Finding.NO_DATA
    return Finding.YES if is_met else Finding.NO


def _in_words(share: ShownShare, people: People) -> str:
    if share.percent is None:
        return _("too few to say")
    return _("%(count)d of %(population)d (%(percent)s)") % {
        "count": people.respondents,
        "population": people.population,
        "percent": _percent(share),
    }


def _percent(share: ShownShare) -> str:
    return "–" if share.percent is None else f"{share.percent:.1f}%"
