"""Ratings of a service by subject and period.

They are counted where the settings of satisfaction ask for more than teams by month and quarter.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import TruncMonth

from feedback_site.customers.enums import Purpose
from feedback_site.evaluations.enums import SubjectKind
from feedback_site.evaluations.rules import Period, Subject, period_end, period_start
from feedback_site.evaluations.rules.periods import MONTHS
from surveys.enums import TallyMeasure
from surveys.models import AgentTally, ResponseTally

_Counts = Iterator[tuple[Subject, Period, Counter[int]]]


class Rated(NamedTuple):
    """What a rating of a service counts for: all that a subject can be, on one day."""

    team_id: int
    day: date
    agent_id: int | None = None
    channel_id: int | None = None
    kind_id: int | None = None

    def of(self, subject_kind: str) -> int | None:
        """Return the colleague, channel or kind of service; None for teams and the whole company."""
        return self._asdict().get(_OF[subject_kind])


# The column that tells one subject of a kind from another within a team.
_OF: dict[str, str] = {
    SubjectKind.TEAM: "",
    SubjectKind.AGENT: "agent_id",
    SubjectKind.CHANNEL: "channel_id",
    SubjectKind.KIND: "kind_id",
    SubjectKind.WHOLE: "",
}


def counts_of_subjects(
    *, rated: Collection[Rated], kinds: Mapping[str, Collection[str]], lines: Mapping[int, list[int]]
) -> _Counts:
    """Yield the counts by value of each touched subject and period of these kinds.

    Takes a query per kind of subject.

    `kinds` are the kinds of periods by kind of subject, `lines` each team with those above it.
    """
    for subject_kind, period_kinds in kinds.items():
        wanted = {
            (subject, period)
            for one in rated
            for subject in _subjects(subject_kind, lines[one.team_id], one.of(subject_kind))
            for period in _periods(period_kinds, one.day)
        }
        if wanted:
            yield from _counted(subject_kind, period_kinds, wanted, lines)


def _subjects(subject_kind: str, line: list[int], of_id: int | None) -> list[Subject]:
    """Return the subjects of a kind that a rating counts for; none where it has no colleague or channel."""
    if subject_kind == SubjectKind.WHOLE:
        return [Subject.whole()]
    if subject_kind == SubjectKind.TEAM:
        return [Subject.team(team_id) for team_id in line]
    if of_id is None:
        return []
    teams = line[:1] if subject_kind == SubjectKind.AGENT else [*line, None]
    return [Subject.of(subject_kind, team_id, of_id) for team_id in teams]


def _periods(period_kinds: Collection[str], day: date) -> Iterator[Period]:
    for kind in period_kinds:
        yield Period(str(kind), period_start(kind, day))


def _counted(
    subject_kind: str,
    period_kinds: Collection[str],
    wanted: Collection[tuple[Subject, Period]],
    lines: Mapping[int, list[int]],
) -> _Counts:
    counts: defaultdict[tuple[Subject, Period], Counter[int]] = defaultdict(Counter)
    for team_id, of_id, day, value, total in _rows(subject_kind, period_kinds, wanted):
        for period in _periods(period_kinds, day):
            for subject in _subjects(subject_kind, lines[team_id], of_id):
                counts[subject, period][value] += total
    for subject, period in wanted:
        yield subject, period, counts[subject, period]


def _rows(
    subject_kind: str, period_kinds: Collection[str], wanted: Collection[tuple[Subject, Period]]
) -> Iterator[tuple[int, int | None, date, int, int]]:
    """Yield (team, of, day or first of the month, value, count) from the first wanted day to the last."""
    tallies: QuerySet[ResponseTally] | QuerySet[AgentTally] = (
        AgentTally.objects.all() if subject_kind == SubjectKind.AGENT else ResponseTally.objects.all()
    )
    column = _OF[subject_kind]
    of = {f"{column}__in": {getattr(subject, column) for subject, _period in wanted}} if column else {}
    rows = tallies.filter(
        purpose=Purpose.SURVEY,
        measure=TallyMeasure.SATISFACTION,
        day__gte=min(period.start for _subject, period in wanted),
        day__lt=max(period_end(*period) for _subject, period in wanted),
        **of,
    ).annotate(start=TruncMonth("day") if MONTHS.keys() >= set(period_kinds) else F("day"))
    named = [column] if column else []
    for team_id, start, value, *of_id, total in (
        rows.values_list("team_id", "start", "value", *named).annotate(total=Sum("count")).order_by()
    ):
        yield team_id, of_id[0] if of_id else None, start, value, total
