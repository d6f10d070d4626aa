"""The order in which survey rules are tried.

Which rules never get a turn, and what a new order does to the rules that staff did not move.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from surveys.rules.asking import SurveyRule

Cell = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Everything:
    """All kinds of service, service channels and teams that there are."""

    kind_ids: frozenset[int]
    channel_ids: frozenset[int]
    team_ids: frozenset[int]

    def cells_of(self, rule: SurveyRule) -> set[Cell]:
        """Return what a rule matches, as kind, channel and team."""
        teams = self.team_ids if rule.team_ids is None else rule.team_ids
        return set(product(rule.kind_ids or self.kind_ids, rule.channel_ids or self.channel_ids, teams))


def shadowed_rules(
    rules: Sequence[SurveyRule], *, everything: Everything, at: datetime
) -> dict[int, tuple[int, ...]]:
    """Return the rules that never get a turn from `at` on.

    Each comes, by survey id, with the rules before it that take all its events: one rule that matches all of
    them is enough, else those that do so together. `rules` are active and in their order.
    """
    found = {}
    for place, rule in enumerate(rules):
        by = _shadow(rule, rules[:place], everything, at)
        if by:
            found[rule.survey_id] = by
    return found


def _shadow(
    rule: SurveyRule, earlier: Sequence[SurveyRule], everything: Everything, at: datetime
) -> tuple[int, ...]:
    if rule.ends_at is not None and rule.ends_at <= at:
        return ()  # it is over: no other rule keeps it from asking
    rivals = [other for other in earlier if _runs_all_the_while(other, rule, at)]
    alone = next((other for other in rivals if _matches_all_of(other, rule)), None)
    return (alone.survey_id,) if alone else _together(rule, rivals, everything)


def _matches_all_of(other: SurveyRule, rule: SurveyRule) -> bool:
    """Whether every event of `rule` is one of `other`, kinds and teams that are still to come included."""
    teams = other.team_ids is None or (rule.team_ids is not None and rule.team_ids <= other.team_ids)
    return teams and all(
        not wide or (bool(narrow) and narrow <= wide)
        for wide, narrow in ((other.kind_ids, rule.kind_ids), (other.channel_ids, rule.channel_ids))
    )


def _runs_all_the_while(other: SurveyRule, rule: SurveyRule, at: datetime) -> bool:
    begins = max(rule.starts_at or at, at)
    is_begun = other.starts_at is None or other.starts_at <= begins
    return is_begun and (
        other.ends_at is None or (rule.ends_at is not None and rule.ends_at <= other.ends_at)
    )


def _together(rule: SurveyRule, rivals: Sequence[SurveyRule], everything: Everything) -> tuple[int, ...]:
    left = everything.cells_of(rule)
    taking = []
    for other in rivals:
        taken = left & everything.cells_of(other)
        if taken:
            taking.append(other.survey_id)
            left -= taken
    return tuple(taking) if taking and not left else ()


def reordered(now: Sequence[int], wanted: Sequence[int], *, movable: Collection[int]) -> list[int] | None:
    """Return all rules so that those of `wanted` stand in that order, moving as few as can be.

    None where a rule would move that may not. Rules that are not moved keep their order among each other,
    seen or unseen: what they ask stays as it was.
    """
    place = {survey_id: number for number, survey_id in enumerate(now)}
    asked = [survey_id for survey_id in dict.fromkeys(wanted) if survey_id in place]
    kept = _longest_in_order(asked, place, movable)
    moved = set(asked) - kept
    if any(survey_id not in movable for survey_id in moved):
        return None
    result = [survey_id for survey_id in now if survey_id not in moved]
    for number, survey_id in enumerate(asked):
        if survey_id in moved:
            after = asked[number - 1] if number else None
            # What comes first stands before the next one that stays.
            anchor = next((other for other in asked if other in kept), None)
            target = (
                result.index(after) + 1
                if after is not None
                else (result.index(anchor) if anchor is not None else 0)
            )
            result.insert(target, survey_id)
    return result


def _longest_in_order(asked: Sequence[int], place: dict[int, int], movable: Collection[int]) -> set[int]:
    """Return the most rules that stand in their order already.

    Those that may not move weigh more than all others.
    """
    weights = [1 if survey_id in movable else len(asked) + 1 for survey_id in asked]
    best: list[tuple[int, tuple[int, ...]]] = []
    for number, survey_id in enumerate(asked):
        before = [best[other] for other in range(number) if place[asked[other]] < place[survey_id]]
        weight, chain = max(before, default=(0, ()), key=_weight)
        best.append((weight + weights[number], (*chain, survey_id)))
    return set(max(best, default=(0, ()), key=_weight)[1])


def _weight(entry: tuple[int, Iterable[int]]) -> int:
    return entry[0]
