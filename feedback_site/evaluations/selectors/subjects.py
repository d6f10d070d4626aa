"""Subjects as other systems and files write them: by their kinds and codes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models import Principal, Team
from feedback_site.common.exceptions import DomainError
from feedback_site.common.listing import listed
from feedback_site.evaluations.enums import SubjectKind
from feedback_site.evaluations.rules import Subject
from feedback_site.service_events.models import Agent, ServiceChannel, ServiceKind

_RowT = TypeVar("_RowT", Team, ServiceChannel, ServiceKind)
_MOST_LISTED = 200
_MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class NamedSubject:
    """A subject by its codes.

    `code` is the team's or agent's code, or the slug of the channel or kind of service; of the whole company
    it is empty. `team` is the team within which anything but a team was measured, and `source` the system
    that knows the agent by this staff number.
    """

    kind: str
    code: str = ""
    team: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class KnownSubjects:
    """What a sender may name, by code; of the agents those whose staff numbers it was asked for."""

    teams: Mapping[str, Team]
    channels: Mapping[str, ServiceChannel]
    kinds: Mapping[str, ServiceKind]
    agents: Collection[Agent]
    sees_all: bool


def known_subjects(*, principal: Principal, agent_codes: Collection[str]) -> KnownSubjects:
    """Return what `principal` may name. Three queries, one more with agents."""
    teams = Team.objects.for_user(principal).without_tree_fields().filter(is_active=True)
    agents = Agent.objects.for_user(principal).filter(code__in=set(agent_codes))
    return KnownSubjects(
        teams={team.code: team for team in teams},
        channels={channel.slug: channel for channel in ServiceChannel.objects.all()},
        kinds={kind.slug: kind for kind in ServiceKind.objects.all()},
        agents=list(agents),
        sees_all=principal.data_scope is DataScope.ALL,
    )


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A subject with its name, as a row of the sheet of figures shows it."""

    subject: Subject
    name: str


def sheet_rows(*, subject_kind: str, principal: Principal) -> list[SheetRow]:
    """Return the subjects of a kind that `principal` may state figures of.

    Channels and kinds of service are those of the whole company, or of the principal's own team. At most
    500 agents.
    """
    sees_all = principal.data_scope is DataScope.ALL
    if subject_kind == SubjectKind.WHOLE:
        return [SheetRow(Subject.whole(), str(SubjectKind.WHOLE.label))] if sees_all else []
    if subject_kind == SubjectKind.TEAM:
        teams = Team.objects.for_user(principal).without_tree_fields().filter(is_active=True)
        return [SheetRow(Subject.team(team.pk), team.name) for team in teams.order_by("code")]
    if subject_kind == SubjectKind.AGENT:
        agents = Agent.objects.for_user(principal).filter(team__is_active=True).select_related("team")
        return [
            SheetRow(Subject.of(subject_kind, agent.team_id, agent.pk), f"{agent} · {agent.team.name}")
            for agent in agents.order_by("team__code", "code")[:_MOST_ROWS]
        ]
    rows = ServiceChannel.objects.all() if subject_kind == SubjectKind.CHANNEL else ServiceKind.objects.all()
    team_id = None if sees_all else principal.scope_team_id
    return [
        SheetRow(Subject.of(subject_kind, team_id, row.pk), row.name)
        for row in rows.order_by("position", "pk")
    ]


def subject_named(named: NamedSubject, known: KnownSubjects) -> Subject:
    """Return the subject that is named so.

    Raises DomainError with the `field` that is wrong; what the sender may not see is refused like what is
    not there.
    """
    if named.source and named.kind != SubjectKind.AGENT:
        raise DomainError(_("Only agents have the source of a staff number."), {"field": "subject_source"})
    if named.kind == SubjectKind.TEAM:
        if named.team:
            raise DomainError(_("A team is named as the subject alone."), {"field": "team"})
        return Subject.team(_one(named.code, known.teams, "subject").pk)
    if named.kind == SubjectKind.WHOLE and (named.code or named.team):
        raise DomainError(_("The whole company has neither code nor team."), {"field": "subject"})
    return Subject.of(named.kind, _team_id(named, known), _of_id(named, known))


def _team_id(named: NamedSubject, known: KnownSubjects) -> int | None:
    if named.team:
        return _one(named.team, known.teams, "team").pk
    if named.kind == SubjectKind.AGENT or not known.sees_all:
        raise DomainError(_("Name the team within which this was measured."), {"field": "team"})
    return None


def _of_id(named: NamedSubject, known: KnownSubjects) -> int | None:
    if named.kind == SubjectKind.CHANNEL:
        return _one(named.code, known.channels, "subject").pk
    if named.kind == SubjectKind.KIND:
        return _one(named.code, known.kinds, "subject").pk
    return _agent(named, known).pk if named.kind == SubjectKind.AGENT else None


def _agent(named: NamedSubject, known: KnownSubjects) -> Agent:
    of_code = [agent for agent in known.agents if agent.code == named.code]
    found = [agent for agent in of_code if named.source in {"", agent.source}]
    if not found:
        raise DomainError(
            _("There is no agent with this staff number in the data you may see."), {"field": "subject"}
        )
    if len(found) > 1:
        raise DomainError(
            _("Several systems use this staff number: name the source."), {"field": "subject_source"}
        )
    return found[0]


def _one(code: str, rows: Mapping[str, _RowT], field: str) -> _RowT:
    if code not in rows:
        names = listed(sorted(rows)[:_MOST_LISTED]) or "-"
        raise DomainError(_("Unknown. Known are: %(known)s") % {"known": names}, {"field": field})
    return rows[code]
