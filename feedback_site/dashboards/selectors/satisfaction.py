"""How customers rated: from the tallies of what they said of a service."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import CharField, DateField, QuerySet, Sum
from django.db.models.functions import Cast, TruncMonth

from feedback_site.accounts.models import Principal
from feedback_site.customers.enums import Purpose
from feedback_site.dashboards.enums import Breakdown
from feedback_site.dashboards.selectors.filters import FigureChoices, FigureFilter, load_choices, team_ids_of
from feedback_site.dashboards.selectors.groups import Group, groups_of, keys_of
from feedback_site.dashboards.selectors.shown import ShownMean, shown_mean
from surveys.enums import TallyMeasure
from surveys.models import ResponseTally

_POINTS = range(1, 6)
_COLUMNS = {Breakdown.TEAM: "team_id", Breakdown.SURVEY: "survey_id", Breakdown.CHANNEL: "channel_id", Breakdown.KIND: "kind_id"}


@dataclass(frozen=True, slots=True)
class GroupSatisfaction:
    """One group's ratings."""

    group: Group
    ratings: ShownMean


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Mean rating of 5 and satisfied share (4 or 5) of all answers that count in the period, and of each group."""

    filter: FigureFilter
    by: Breakdown
    ratings: ShownMean
    groups: list[GroupSatisfaction]


def satisfaction_figures(
    figure_filter: FigureFilter, user: Principal, *, by: Breakdown = Breakdown.TEAM, choices: FigureChoices | None = None
) -> Satisfaction:
    """Return the period's ratings within `user`'s scope. One statement, and five for `choices` where they are not handed in."""
    choices = choices or load_choices(user=user)
    everything: Counter[int] = Counter()
    by_key: defaultdict[str | None, Counter[int]] = defaultdict(Counter)
    for key, value, count in _counts(figure_filter, choices, by):
        everything[value] += count
        for group in keys_of(key, by, choices, root=figure_filter.team_id):
            by_key[group][value] += count
    groups = groups_of(by, choices, keys=list(by_key))
    return Satisfaction(
        filter=figure_filter,
        by=by,
        ratings=_mean(everything),
        groups=[GroupSatisfaction(group, _mean(by_key[group.key])) for group in groups],
    )


def _counts(figure_filter: FigureFilter, choices: FigureChoices, by: Breakdown) -> QuerySet[ResponseTally, tuple[str | None, int, int]]:
    rows = ResponseTally.objects.filter(
        purpose=Purpose.SURVEY, measure=TallyMeasure.SATISFACTION, day__range=(figure_filter.from_on, figure_filter.to_on)
    )
    teams = team_ids_of(figure_filter, choices)
    if teams is not None:
        rows = rows.filter(team_id__in=teams)
    chosen = {name: getattr(figure_filter, name) for name in ("survey_id", "channel_id", "kind_id", "segment_id")}
    rows = rows.filter(**{name: value for name, value in chosen.items() if value is not None})
    key = Cast(TruncMonth("day"), DateField()) if by is Breakdown.MONTH else _COLUMNS.get(by, "segment_id")
    return rows.annotate(key=Cast(key, CharField())).values_list("key", "value").annotate(total=Sum("count"))


def _mean(counts: Mapping[int, int]) -> ShownMean:
    return shown_mean([counts.get(value, 0) for value in _POINTS])
