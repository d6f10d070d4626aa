"""The sample organisation: teams, agents, services, the questionnaire and the rule that sends it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from feedback_site.accounts.enums import TeamKind
from feedback_site.accounts.models import Team, User
from feedback_site.customers.models import Segment
from feedback_site.demo.people import SOURCE
from feedback_site.demo.profiles import CHANNELS, KINDS, REGIONS, SEGMENTS, TeamProfile
from feedback_site.demo.questionnaires import AFTER_SERVICE, QUARTERLY, REGIONAL, RETURN_VISIT, SAMPLES
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.services.exchange import import_document
from feedback_site.questionnaires.services.publishing import publish_questionnaire
from feedback_site.service_events.models import Agent, ServiceChannel, ServiceKind
from nps.models import Programme
from surveys.models import Survey
from visits.models import VisitPlan

SURVEY = "after-service"
# The region whose survey staff own a questionnaire and a rule, both to be played with.
TRIAL_REGION = "east"
PROGRAMME = "recommendation"
# The frame reaches back over the whole history, and waves follow
# fast, so that a demo shows a campaign from its start to its end.
PROGRAMME_FIGURES: dict[str, Any] = {
    "frame_days": 120,
    "expected_response_percent": 60,
    "cap_days": 7,
    "wave_days": 2,
    "field_days": 14,
}
VISIT_PLANS: tuple[dict[str, Any], ...] = (
    {
        "slug": "complaint-closed",
        "trigger": "complaint_closed",
        "names": {"en": "After a complaint", "zh-hans": "投诉办结回访"},
    },
    {
        "slug": "complex-case",
        "trigger": "complex_case",
        "names": {"en": "After a complex service event", "zh-hans": "复杂服务事件回访"},
    },
    {
        "slug": "low-score",
        "trigger": "low_score",
        "names": {"en": "After a low score", "zh-hans": "低分回访"},
        "wait_hours": 0,
        "window_hours": 9,
    },
    {
        "slug": "detractor",
        "trigger": "detractor",
        "names": {"en": "NPS detractor", "zh-hans": "贬损者回访"},
        "wait_hours": 0,
    },
    {
        "slug": "call-back",
        "trigger": "call_back",
        "names": {"en": "Call back", "zh-hans": "客户要求回电"},
        "wait_hours": 0,
    },
    {
        "slug": "improvement",
        "trigger": "improvement",
        "names": {"en": "Verify an improvement", "zh-hans": "改进验证回访"},
        "wait_hours": 0,
    },
)


@dataclass(frozen=True)
class DemoOrganisation:
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
            teams[team.code] = _team(
                team.code, TeamKind.STATION, team.name_en, team.name_zh_hans, teams[region.code]
            )
            _load_agents(team, teams[team.code])
    for position, (slug, name_en, name_zh_hans, _often) in enumerate(KINDS):
        ServiceKind.objects.create(
            slug=slug, names={"en": name_en, "zh-hans": name_zh_hans}, position=position
        )
    for model, rows in ((ServiceChannel, CHANNELS), (Segment, SEGMENTS)):
        for position, (slug, name_en, name_zh_hans) in enumerate(rows):
            model.objects.create(slug=slug, names={"en": name_en, "zh-hans": name_zh_hans}, position=position)
    for sample in SAMPLES:
        import_document(document=sample, team=teams[TRIAL_REGION] if sample is REGIONAL else None)


def organisation_on_record() -> DemoOrganisation:
    """Return the organisation as it stands in the database."""
    return DemoOrganisation(
        teams={team.code: team for team in Team.objects.all()},
        kinds={kind.slug: kind for kind in ServiceKind.objects.all()},
        channels={channel.slug: channel for channel in ServiceChannel.objects.all()},
        segments={segment.slug: segment for segment in Segment.objects.all()},
    )


def publish_samples(*, by: User, at: datetime) -> None:
    """Publish the questionnaires and start what uses them.

    The rule after a service, the quarterly programme, the visit plans.
    """
    questionnaires = {questionnaire.slug: questionnaire for questionnaire in Questionnaire.objects.all()}
    for sample in SAMPLES:
        publish_questionnaire(questionnaire=questionnaires[sample.slug], by=by, at=at)
    Survey.objects.create(
        slug=SURVEY, name="服务后评价 / After service", questionnaire=questionnaires[AFTER_SERVICE.slug]
    )
    trial = questionnaires[REGIONAL.slug]
    Survey.objects.create(
        slug=trial.slug,
        name="东区试用规则 / East, trial",
        questionnaire=trial,
        team=trial.team,
        sample_percent=10,
        is_active=False,
    )
    Programme.objects.create(
        slug=PROGRAMME,
        names={"en": "Quarterly NPS survey", "zh-hans": "季度 NPS 调查"},
        questionnaire=questionnaires[QUARTERLY.slug],
        **PROGRAMME_FIGURES,
    )
    for plan in VISIT_PLANS:
        VisitPlan.objects.create(questionnaire=questionnaires[RETURN_VISIT.slug], **plan)


def _team(code: str, kind: TeamKind, name_en: str, name_zh_hans: str, parent: Team | None) -> Team:
    team: Team = Team.objects.create(
        code=code, kind=kind, names={"en": name_en, "zh-hans": name_zh_hans}, parent=parent
    )
    return team


def _load_agents(profile: TeamProfile, team: Team) -> None:
    Agent.objects.bulk_create(
        Agent(source=SOURCE, code=agent.code, display_name=agent.display_name, team=team)
        for agent in profile.agents
    )
