"""Which plan is for whose cases: the nearest owner above the case's team wins, a shared plan is the last."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from django.db.models import Q

from surveys.selectors.survey_rules import team_tree
from visits.enums import VisitTrigger
from visits.models import VisitPlan


@dataclass(frozen=True, slots=True)
class PlanReach:
    """The cases of one plan; with `plan` None those that no plan of the trigger is for.

    With `within` None these are all teams but `beyond`.
    """

    plan: VisitPlan | None
    within: frozenset[int] | None = None
    beyond: frozenset[int] = frozenset()

    def holds_for(self, team: str) -> Q:
        """Return the condition that the team at the path `team` lies in this reach."""
        if self.within is not None:
            return Q(**{f"{team}__in": self.within})
        return ~Q(**{f"{team}__in": self.beyond}) if self.beyond else Q()


Reaches = Mapping[str, Sequence[PlanReach]]


def reaches_of_plans() -> Reaches:
    """Return the reaches of every trigger, which share no case and leave none out.

    Takes one query, two where a team owns a plan.
    """
    plans = list(VisitPlan.objects.filter(is_active=True).order_by("pk"))
    teams = _teams_of(plans)
    return {
        trigger: list(_reaches([plan for plan in plans if plan.trigger == trigger], teams))
        for trigger in VisitTrigger.values
    }


def _reaches(plans: Sequence[VisitPlan], teams: Mapping[int, frozenset[int]]) -> list[PlanReach]:
    shared = next((plan for plan in plans if plan.team_id is None), None)
    owned = [PlanReach(plan, teams[plan.pk]) for plan in plans if plan.team_id is not None]
    beyond: frozenset[int] = frozenset().union(*(reach.within or () for reach in owned))
    return [*owned, PlanReach(shared, beyond=beyond)]


def _teams_of(plans: Sequence[VisitPlan]) -> Mapping[int, frozenset[int]]:
    """Return the teams for which each owned plan is the nearest of its trigger, by the plan's id."""
    owned = {(plan.trigger, plan.team_id): plan.pk for plan in plans if plan.team_id is not None}
    if not owned:
        return {}
    tree = team_tree()
    nearest: defaultdict[int, set[int]] = defaultdict(set)
    for team, trigger in product(tree.parents, {trigger for trigger, _owner in owned}):
        owner = next((above for above in tree.line_of(team) if (trigger, above) in owned), None)
        if owner is not None:
            nearest[owned[trigger, owner]].add(team)
    return {pk: frozenset(nearest[pk]) for pk in owned.values()}
