"""How customers rated, and how easy it was for them: from the tallies of what they said of a service."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, DateField, QuerySet, Sum
from django.db.models.functions import Cast, TruncMonth

from feedback_site.accounts.models import Principal
from feedback_site.customers.enums import Purpose
from feedback_site.dashboards.enums import Breakdown
from feedback_site.dashboards.selectors.filters import FigureChoices, FigureFilter, load_choices, team_ids_of
from feedback_site.dashboards.selectors.groups import Group, groups_of, keys_of
from feedback_site.dashboards.selectors.shown import ShownEffort, ShownMean, shown_effort, shown_mean
from surveys.enums import TallyMeasure
from surveys.models import ResponseTally

_POINTS, _EFFORT_POINTS = range(1, 6), range(1, 8)
_Counts = Counter[tuple[str, int]]  # measure, value
_Row = tuple[str | None, str, int, int]  # key, measure, value, count
_COLUMNS: dict[Breakdown, Any] = {
    Breakdown.TEAM: "team_id",
    Breakdown.SURVEY: "survey_id",
    Breakdown.CHANNEL: "channel_id",
    Breakdown.KIND: "kind_id",
    Breakdown.SEGMENT: "segment_id",
    Breakdown.MONTH: Cast(TruncMonth("day"), DateField()),
}


@dataclass(frozen=True, slots=True)
class GroupSatisfaction:
    """One group's answers."""

    group: Group
    ratings: ShownMean
    effort: ShownEffort
    on_site: ShownMean


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Mean rating of 5 and satisfied share (4, 5), mean effort of 7 and easy share (5 to 7).

    Of all that counts, and of each group.

    `on_site`: the ratings that customers gave to a code that
    staff showed, where they do not count in `ratings`.
    """

    filter: FigureFilter
    by: Breakdown
    ratings: ShownMean
    effort: ShownEffort
    on_site: ShownMean
    groups: list[GroupSatisfaction]


def satisfaction_figures(
    figure_filter: FigureFilter,
    user: Principal,
    *,
    by: Breakdown = Breakdown.TEAM,
    choices: FigureChoices | None = None,
) -> Satisfaction:
    """Return the period's ratings within `user`'s scope.

    Takes one statement, and five for `choices` where they are not handed in.
    """
    choices = choices or load_choices(user=user)
    everything: _Counts = Counter()
    by_key: defaultdict[str | None, _Counts] = defaultdict(Counter)
    for key, measure, value, count in _counts(figure_filter, choices, by):
        everything[measure, value] += count
        for group in keys_of(key, by, choices, root=figure_filter.team_id):
            by_key[group][measure, value] += count
    groups = groups_of(by, choices, keys=list(by_key))
    return Satisfaction(
        filter=figure_filter,
        by=by,
        ratings=_ratings(everything),
        effort=_effort(everything),
        on_site=_on_site(everything),
        groups=[_of_group(group, by_key[group.key]) for group in groups],
    )


def _of_group(group: Group, counts: _Counts) -> GroupSatisfaction:
    return GroupSatisfaction(group, _ratings(counts), _effort(counts), _on_site(counts))


def rated(figure_filter: FigureFilter, *, choices: FigureChoices) -> tuple[ShownMean, ShownMean]:
    """Return the period's ratings and those given on site.

    They are of the same cells as `satisfaction_figures`. Takes one statement.
    """
    counts: _Counts = Counter()
    for measure, value, count in (
        _cells(figure_filter, choices).values_list("measure", "value").annotate(total=Sum("count"))
    ):
        counts[measure, value] += count
    return _ratings(counts), _on_site(counts)


def _counts(
    figure_filter: FigureFilter, choices: FigureChoices, by: Breakdown
) -> QuerySet[ResponseTally, _Row]:
    rows = _cells(figure_filter, choices)
    return (
        rows.annotate(key=Cast(_COLUMNS[by], CharField()))
        .values_list("key", "measure", "value")
        .annotate(total=Sum("count"))
    )


def _cells(figure_filter: FigureFilter, choices: FigureChoices) -> QuerySet[ResponseTally]:
    rows = ResponseTally.objects.filter(
        purpose=Purpose.SURVEY,
        measure__in=[TallyMeasure.SATISFACTION, TallyMeasure.CES, TallyMeasure.ON_SITE_SATISFACTION],
        day__range=(figure_filter.from_on, figure_filter.to_on),
    )
    teams = team_ids_of(figure_filter, choices)
    if teams is not None:
        rows = rows.filter(team_id__in=teams)
    chosen = {
        name: getattr(figure_filter, name) for name in ("survey_id", "channel_id", "kind_id", "segment_id")
    }
    return rows.filter(**{name: value for name, value in chosen.items() if value is not None})


def _ratings(counts: _Counts) -> ShownMean:
    return shown_mean([counts[TallyMeasure.SATISFACTION.value, value] for value in _POINTS])


def _on_site(counts: _Counts) -> ShownMean:
    return shown_mean([counts[TallyMeasure.ON_SITE_SATISFACTION.value, value] for value in _POINTS])


def _effort(counts: _Counts) -> ShownEffort:
    return shown_effort([counts[TallyMeasure.CES.value, value] for value in _EFFORT_POINTS])
