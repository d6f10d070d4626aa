"""The sample organisation: teams, agents, what is served where, the questionnaire and the rule that sends it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from feedback_site.accounts.enums import TeamKind
from feedback_site.accounts.models import Team, User
from feedback_site.customers.models import Segment
from feedback_site.demo.people import SOURCE
from feedback_site.demo.profiles import CHANNELS, KINDS, REGIONS, SEGMENTS, TeamProfile
from feedback_site.demo.questionnaire import OPTIONS, QUESTIONNAIRE, QUESTIONS
from feedback_site.service_events.models import Agent, ServiceChannel, ServiceKind
from surveys.models import Question, Questionnaire, QuestionOption, Survey
from surveys.services.publishing import publish_questionnaire

SURVEY = "after-service"


@dataclass(frozen=True)
class Organisation:
    """What events refer to, by code or slug."""

    teams: dict[str, Team]
    kinds: dict[str, ServiceKind]
    channels: dict[str, ServiceChannel]
    segments: dict[str, Segment]


@transaction.atomic
def load_organisation() -> None:
    """Create the organisation on an empty site."""
    teams: dict[str, Team] = {}
    for region in REGIONS:
        teams[region.code] = _team(region.code, TeamKind.REGION, region.name_en, region.name_zh_hans, None)
        for team in region.teams:
            teams[team.code] = _team(team.code, TeamKind.STATION, team.name_en, team.name_zh_hans, teams[region.code])
            _load_agents(team, teams[team.code])
    for position, (slug, name_en, name_zh_hans, _often) in enumerate(KINDS):
        ServiceKind.objects.create(slug=slug, name_en=name_en, name_zh_hans=name_zh_hans, position=position)
    for model, rows in ((ServiceChannel, CHANNELS), (Segment, SEGMENTS)):
        for position, (slug, name_en, name_zh_hans) in enumerate(rows):
            model.objects.create(slug=slug, name_en=name_en, name_zh_hans=name_zh_hans, position=position)
    _load_questionnaire()


def organisation_on_record() -> Organisation:
    """Return the organisation as it stands in the database."""
    return Organisation(
        teams={team.code: team for team in Team.objects.all()},
        kinds={kind.slug: kind for kind in ServiceKind.objects.all()},
        channels={channel.slug: channel for channel in ServiceChannel.objects.all()},
        segments={segment.slug: segment for segment in Segment.objects.all()},
    )


def publish_sample_questionnaire(*, by: User, at: datetime) -> None:
    """Publish the questionnaire and start the rule that follows it."""
    questionnaire = Questionnaire.objects.get(slug=QUESTIONNAIRE["slug"])
    publish_questionnaire(questionnaire=questionnaire, by=by, at=at)
    Survey.objects.create(slug=SURVEY, name="服务后评价 / After service", questionnaire=questionnaire)


def _team(code: str, kind: TeamKind, name_en: str, name_zh_hans: str, parent: Team | None) -> Team:
    team: Team = Team.objects.create(code=code, kind=kind, name_en=name_en, name_zh_hans=name_zh_hans, parent=parent)
    return team


def _load_agents(profile: TeamProfile, team: Team) -> None:
    Agent.objects.bulk_create(Agent(source=SOURCE, code=agent.code, display_name=agent.display_name, team=team) for agent in profile.agents)


def _load_questionnaire() -> None:
    questionnaire = Questionnaire.objects.create(**QUESTIONNAIRE)
    for position, fields in enumerate(QUESTIONS, start=1):
        question = Question.objects.create(questionnaire=questionnaire, position=position, **fields)
        for place, (key, text_en, text_zh_hans) in enumerate(OPTIONS.get(question.key, ()), start=1):
            QuestionOption.objects.create(question=question, key=key, text_en=text_en, text_zh_hans=text_zh_hans, position=place)
