"""Survey rules with all that deciding needs of them, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from feedback_site.accounts.models import Team
from feedback_site.questionnaires.models import QuestionnaireVersion
from feedback_site.service_events.models import ServiceChannel, ServiceKind
from surveys.models import Survey
from surveys.rules import SurveyRule
from surveys.rules.order import Everything, shadowed_rules


@dataclass(frozen=True, slots=True)
class TeamTree:
    """Parents and zones of all teams, by id."""

    parents: Mapping[int, int | None]
    zones: Mapping[int, ZoneInfo]

    def line_of(self, team_id: int) -> list[int]:
        """Return the team and the teams above it, from below.

        A circle, should one ever get in, ends the walk.
        """
        line: list[int] = []
        current: int | None = team_id
        while current is not None and current not in line:
            line.append(current)
            current = self.parents.get(current)
        return line

    def subtree_of(self, team_id: int) -> frozenset[int]:
        """Return the team and all teams below it."""
        return frozenset(member for member in self.parents if team_id in self.line_of(member))


def team_tree() -> TeamTree:
    """Read the tree of teams. One query."""
    rows = list(Team.objects.without_tree_fields().values_list("id", "parent_id", "time_zone"))
    return TeamTree(
        parents={team_id: parent_id for team_id, parent_id, _zone in rows},
        zones={team_id: ZoneInfo(zone) for team_id, _parent, zone in rows},
    )


def active_rules(teams: TeamTree) -> list[SurveyRule]:
    """Return the active rules by position.

    A rule whose questionnaire was never published cannot ask and is left out. Four queries.
    """
    surveys = list(Survey.objects.filter(is_active=True).order_by("position", "pk"))
    versions = _latest_version_ids({survey.questionnaire_id for survey in surveys})
    kinds = _pairs(Survey.kinds.through.objects.values_list("survey_id", "servicekind_id"))
    channels = _pairs(Survey.channels.through.objects.values_list("survey_id", "servicechannel_id"))
    return [
        SurveyRule(
            survey_id=survey.pk,
            version_id=versions[survey.questionnaire_id],
            delivery_channels=tuple(survey.delivery_channels),
            kind_ids=frozenset(kinds[survey.pk]),
            channel_ids=frozenset(channels[survey.pk]),
            team_ids=teams.subtree_of(survey.team_id) if survey.team_id else None,
            sample_percent=survey.sample_percent,
            delay=timedelta(minutes=survey.delay_minutes),
            age_limit=timedelta(hours=survey.age_limit_hours),
            cap=timedelta(days=survey.cap_days),
            link_valid=timedelta(days=survey.link_valid_days),
            starts_at=survey.starts_at,
            ends_at=survey.ends_at,
        )
        for survey in surveys
        if survey.questionnaire_id in versions
    ]


def shadows(*, at: datetime) -> dict[int, tuple[int, ...]]:
    """Return the active rules that never get a turn, each with the rules before it that take all its events.

    Seven queries.
    """
    teams = team_tree()
    everything = Everything(
        kind_ids=frozenset(ServiceKind.objects.values_list("pk", flat=True)),
        channel_ids=frozenset(ServiceChannel.objects.values_list("pk", flat=True)),
        team_ids=frozenset(teams.parents),
    )
    return shadowed_rules(active_rules(teams), everything=everything, at=at)


def _latest_version_ids(questionnaire_ids: Iterable[int]) -> dict[int, int]:
    latest = QuestionnaireVersion.objects.filter(questionnaire_id__in=list(questionnaire_ids))
    rows = latest.order_by("questionnaire_id", "-number").distinct("questionnaire_id")
    return dict(rows.values_list("questionnaire_id", "pk"))


def _pairs(rows: Iterable[tuple[int, int]]) -> defaultdict[int, set[int]]:
    members: defaultdict[int, set[int]] = defaultdict(set)
    for survey_id, member_id in rows:
        members[survey_id].add(member_id)
    return members
