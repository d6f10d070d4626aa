"""What a figure is about: a team, a person, a channel or kind of service, or all that the company serves."""

from typing import NamedTuple, Self

from feedback_site.evaluations.enums import SubjectKind

KEYS = ("team", "agent", "channel", "kind")
# What must be known of each kind of subject, and what may be: without a team a channel or a kind of
# service is meant as the whole company has it.
KEYS_NEEDED: dict[str, set[str]] = {
    SubjectKind.TEAM: {"team"},
    SubjectKind.AGENT: {"team", "agent"},
    SubjectKind.CHANNEL: {"channel"},
    SubjectKind.KIND: {"kind"},
    SubjectKind.WHOLE: set(),
}
KEYS_ALLOWED: dict[str, set[str]] = {
    SubjectKind.TEAM: set(),
    SubjectKind.AGENT: set(),
    SubjectKind.CHANNEL: {"team"},
    SubjectKind.KIND: {"team"},
    SubjectKind.WHOLE: set(),
}


class Subject(NamedTuple):
    """What a measurement or a record is about; the fields are named like the columns.

    `team_id` is also who may see it: the team within which an agent, a channel or a kind of service was
    measured. Without a team it is about the whole company.
    """

    subject_kind: str
    team_id: int | None = None
    agent_id: int | None = None
    channel_id: int | None = None
    kind_id: int | None = None

    @classmethod
    def team(cls, team_id: int) -> Self:
        """Return a team with all teams below it."""
        return cls(SubjectKind.TEAM.value, team_id)

    @classmethod
    def of(cls, subject_kind: str, team_id: int | None, of_id: int | None) -> Self:
        """Return the colleague, channel or kind of service `of_id` within a team or the whole company.

        Teams and the whole company have no `of_id`.
        """
        return cls(subject_kind, team_id, **({} if of_id is None else {f"{subject_kind}_id": of_id}))

    @classmethod
    def whole(cls) -> Self:
        """Return all that the company serves."""
        return cls(SubjectKind.WHOLE.value)

    @property
    def order(self) -> tuple[str, int, int, int, int]:
        """What subjects are sorted by: ids that are missing come first."""
        kind, *ids = self
        team, agent, channel, service_kind = (id_ or 0 for id_ in ids)
        return kind, team, agent, channel, service_kind
