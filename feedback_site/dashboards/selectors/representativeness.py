"""Whether those who answered look like those who were served."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from feedback_site.accounts.models import Principal
from feedback_site.dashboards.enums import Breakdown, Composed
from feedback_site.dashboards.selectors.criteria import (
    CriteriaVerdict,
    Criterion,
    People,
    check_criteria,
    verdict_of,
)
from feedback_site.dashboards.selectors.customers import CustomerCount, count_customers
from feedback_site.dashboards.selectors.filters import FigureChoices, FigureFilter, load_choices
from feedback_site.dashboards.selectors.groups import Group, groups_of
from feedback_site.dashboards.selectors.shown import (
    ShownShare,
    shown_count,
    shown_gap,
    shown_hits,
    shown_share,
)
from feedback_site.statistics.representativeness import CategoryCount, CompositionTest, compare_composition

_COMPLAINANT, _OTHER = "complainant", "other"
_FEWEST_GROUPS = 2
_UNLIKELY = 0.05


@dataclass(frozen=True, slots=True)
class Category:
    """One group of customers: its share of those served, invited and heard.

    Gaps are in percentage points from those served.

    A group with too few customers has no more than their
    number. `is_uncovered`: customers, and not one answer.
    """

    group: Group
    population: int | None
    invited: int | None
    respondents: int | None
    population_share: ShownShare
    invited_share: ShownShare
    respondent_share: ShownShare
    invited_gap: float | None
    respondent_gap: float | None
    is_uncovered: bool


@dataclass(frozen=True, slots=True)
class Composition:
    """The customers by one dimension. `test` (Pearson's chi-square) only where its approximation is valid."""

    dimension: Composed
    categories: list[Category]
    uncovered: list[str]
    test: CompositionTest | None

    @property
    def differs(self) -> bool:
        """Whether the difference is more than chance (p below 0.05)."""
        return self.test is not None and self.test.p_value is not None and self.test.p_value < _UNLIKELY


@dataclass(frozen=True, slots=True)
class Representativeness:
    """Customers, each once: served (the population), invited, heard.

    With what the criteria say, and the compositions.
    """

    filter: FigureFilter
    is_empty: bool
    population: int | None
    invited: ShownShare
    invited_count: int | None
    respondents: ShownShare
    respondent_count: int | None
    criteria: list[Criterion]
    verdict: CriteriaVerdict
    compositions: list[Composition]


def representativeness(
    figure_filter: FigureFilter, user: Principal, *, choices: FigureChoices | None = None
) -> Representativeness:
    """Return how the period's respondents compare within `user`'s scope.

    Takes one statement, and five for `choices` if not handed in.
    """
    choices = choices or load_choices(user=user)
    rows = count_customers(figure_filter, choices=choices)
    served = [row for row in rows if row.is_served]
    all_people = _people(served)
    criteria = check_criteria(
        all_people=all_people,
        complainants=_people([row for row in rows if row.is_complainant]),
        complainants_served=_people([row for row in served if row.is_complainant]),
        segments=_segments(served, choices),
    )
    return Representativeness(
        filter=figure_filter,
        is_empty=not all_people.population,
        population=shown_count(all_people.population),
        invited=shown_share(all_people.invited, all_people.population),
        invited_count=shown_hits(all_people.invited, all_people.population),
        respondents=shown_share(all_people.respondents, all_people.population),
        respondent_count=shown_hits(all_people.respondents, all_people.population),
        criteria=criteria,
        verdict=verdict_of(criteria, all_people),
        compositions=[_composition(dimension, served, all_people, choices) for dimension in Composed],
    )


def _people(rows: Sequence[CustomerCount]) -> People:
    return People(
        population=sum(row.people for row in rows),
        invited=sum(row.people for row in rows if row.is_invited),
        respondents=sum(row.people for row in rows if row.is_respondent),
    )


def _segments(served: Sequence[CustomerCount], choices: FigureChoices) -> list[tuple[str, People]]:
    """Return every segment that there is, empty where no customer of it was served."""
    return [
        (segment.name, _people([row for row in served if row.segment == str(segment.pk)]))
        for segment in choices.segments
    ]


def _composition(
    dimension: Composed, served: Sequence[CustomerCount], all_people: People, choices: FigureChoices
) -> Composition:
    key_of = _KEYS[dimension]
    people = {
        key: _people([row for row in served if key_of(row) == key]) for key in {key_of(row) for row in served}
    }
    groups = [group for group in _groups(dimension, choices, people) if group.key in people]
    categories = [_category(group, people[group.key], all_people) for group in groups]
    return Composition(
        dimension=dimension,
        categories=categories,
        uncovered=[category.group.label for category in categories if category.is_uncovered],
        test=_test(list(people.values())),
    )


_KEYS: dict[Composed, Callable[[CustomerCount], str | None]] = {
    Composed.SEGMENT: lambda row: row.segment,
    Composed.KIND: lambda row: row.kind,
    Composed.CHANNEL: lambda row: row.channel,
    Composed.COMPLAINT: lambda row: _COMPLAINANT if row.is_complainant else _OTHER,
}


def _groups(dimension: Composed, choices: FigureChoices, people: dict[str | None, People]) -> list[Group]:
    if dimension is Composed.COMPLAINT:
        return [Group(_COMPLAINANT, _COMPLAINANT, _("Complainants")), Group(_OTHER, _OTHER, _("Others"))]
    return groups_of(Breakdown(dimension.value), choices, keys=list(people))


def _category(group: Group, people: People, all_people: People) -> Category:
    is_hidden = shown_hits(0, people.population) is None
    shares = [
        shown_share(0, 0) if is_hidden else shown_share(part, whole)
        for part, whole in (
            (people.population, all_people.population),
            (people.invited, all_people.invited),
            (people.respondents, all_people.respondents),
        )
    ]
    return Category(
        group=group,
        population=shown_count(people.population),
        invited=None if is_hidden else shown_hits(people.invited, all_people.invited),
        respondents=None if is_hidden else shown_hits(people.respondents, all_people.respondents),
        population_share=shares[0],
        invited_share=shares[1],
        respondent_share=shares[2],
        invited_gap=shown_gap(shares[1], shares[0]),
        respondent_gap=shown_gap(shares[2], shares[0]),
        is_uncovered=not is_hidden and not people.respondents,
    )


def _test(people: Sequence[People]) -> CompositionTest | None:
    """Test whether chance explains the difference.

    Without answers, with one group or with too small ones there is nothing to say.
    """
    if len(people) < _FEWEST_GROUPS or not any(group.respondents for group in people):
        return None
    test = compare_composition(
        {
            str(number): CategoryCount(group.respondents, group.population)
            for number, group in enumerate(people)
        }
    )
    return test if test.is_valid else None
