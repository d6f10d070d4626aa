"""Figures taken apart: what the groups are called, and in which order they are listed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team
from feedback_site.dashboards.enums import Breakdown
from feedback_site.dashboards.selectors.filters import FigureChoices


@dataclass(frozen=True, slots=True)
class Group:
    """One value of what figures are taken apart by.

    `slug` is its word in addresses, empty for the cases that have none.

    `depth` is a team's below the reader's own level; a team's figures pool its subtree.
    """

    key: str | None
    slug: str
    label: str
    depth: int = 0


def groups_of(by: Breakdown, choices: FigureChoices, *, keys: Iterable[str | None]) -> list[Group]:
    """Return the groups among `keys` in the order in which they are listed, never by their figures."""
    known = set(keys)
    if by is Breakdown.MONTH:
        return [_month(key) for key in sorted(key for key in known if key is not None)]
    named = (
        _teams(choices)
        if by is Breakdown.TEAM
        else (Group(str(row.pk), _slug(row), str(row)) for row in _rows(by, choices))
    )
    found = [group for group in named if group.key in known]
    # A region's station that was filtered for stands at the margin.
    margin = min((group.depth for group in found), default=0)
    found = [replace(group, depth=group.depth - margin) for group in found]
    return [*found, Group(None, "", _without(by))] if None in known else found


def keys_of(key: str | None, by: Breakdown, choices: FigureChoices, *, root: int | None) -> list[str | None]:
    """Return the groups that a case with `key` counts in.

    A team's cases count in the teams above it too, up to `root`.
    """
    if by is not Breakdown.TEAM or key is None:
        return [key]
    line = choices.line_of(int(key))
    return [str(team_id) for team_id in line[: line.index(root) + 1 if root in line else None]]


def in_tree_order(visible: list[Team]) -> list[tuple[Team, int]]:
    """Return each team before the teams below it, with its depth below the reader's own."""
    known = {team.pk for team in visible}
    children: dict[int | None, list[Team]] = {}
    for team in visible:
        children.setdefault(team.parent_id if team.parent_id in known else None, []).append(team)
    ordered: list[tuple[Team, int]] = []
    waiting = [(team, 0) for team in reversed(children.get(None, []))]
    while waiting:
        team, depth = waiting.pop()
        ordered.append((team, depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(team.pk, []))]
    return ordered


def _rows(by: Breakdown, choices: FigureChoices) -> Iterable[Any]:
    rows: Mapping[Breakdown, Iterable[Any]] = {
        Breakdown.TEAM: (),  # a tree, not a list
        Breakdown.MONTH: (),  # listed from the figures themselves
        Breakdown.SURVEY: choices.surveys,
        Breakdown.CHANNEL: choices.channels,
        Breakdown.KIND: choices.kinds,
        Breakdown.SEGMENT: choices.segments,
    }
    return rows[by]


def _teams(choices: FigureChoices) -> Iterator[Group]:
    for team, depth in in_tree_order(choices.teams):
        yield Group(str(team.pk), team.code, team.name, depth)


def _month(key: str) -> Group:
    day = date.fromisoformat(key)
    return Group(key, f"{day:%Y-%m}", date_format(day, "YEAR_MONTH_FORMAT"))


def _slug(row: Any) -> str:
    return str(row.slug)


def _without(by: Breakdown) -> str:
    return {
        Breakdown.SURVEY: _("no survey rule"),
        Breakdown.SEGMENT: _("no segment"),
    }.get(by, _("not stated"))
