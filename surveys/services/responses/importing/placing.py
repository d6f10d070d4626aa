"""Finds the invitation of each answer: our own where there is one, else one of which no message was sent."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from feedback_site.accounts.models import Team
from feedback_site.common.listing import in_sequence, labelled
from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Customer
from feedback_site.questionnaires.services.questionnaires import questionnaire_of
from feedback_site.questionnaires.walk import ReadAnswers, key_of
from feedback_site.service_events.models import ServiceEvent
from surveys.enums import InvitationOrigin
from surveys.models import Invitation, ResponseSource, Survey
from surveys.services.invitations.inviting import Schedule, prepare_invitation
from surveys.services.responses.answering import Submission
from surveys.services.responses.hashing import hashes_of
from surveys.services.responses.importing.answers import (
    AnswerRefusal,
    ElsewhereAnswer,
    Key,
    Recorded,
    Refused,
    SourceKey,
)
from surveys.services.responses.importing.loading import KnownRows
from surveys.services.responses.importing.reading import read_given, set_of

# No one holds the link of an imported invitation; it ends when those of others would.
_VALID_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Placed:
    """An answer with its invitation, which is new where no one had asked."""

    answer: ElsewhereAnswer
    invitation: Invitation
    read: ReadAnswers
    is_invitation_new: bool

    @property
    def off_path(self) -> tuple[str, ...]:
        """The questions whose answers are kept beside those that count."""
        return _keys_off_path(self.read)

    @property
    def submission(self) -> Submission:
        """The answer as it is stored."""
        return Submission.of(
            self.read,
            invitation_id=self.invitation.pk,
            language=self.answer.language or self.invitation.language,
            mode=self.answer.mode,
            answered_at=self.answer.answered_at,
        )


@dataclass(frozen=True, slots=True)
class ImportingRule:
    """The survey rule under which answers are taken in that we had not asked for.

    With its questionnaire as it is now.
    """

    survey: Survey
    version_id: int


@dataclass(slots=True)
class Placing:
    """Finds an invitation for each answer of one batch, one after the other.

    The first of a doubled number, or to an invitation, is the one that counts.
    """

    known: KnownRows
    asking: ImportingRule | None
    at: datetime
    _numbers: dict[SourceKey, Placed] = field(default_factory=dict)

    def place(self, answer: ElsewhereAnswer) -> Placed | Recorded | Refused:
        """Return where the answer goes, what is on record of it already, or why it is refused."""
        if answer.source in self._numbers:
            return self._compare_within(answer, self._numbers[answer.source])
        if answer.source in self.known.sources:
            return self._compare(answer, self.known.sources[answer.source])
        target = self._target(answer)
        if isinstance(target, Refused):
            return target
        invitation, is_new = target
        read = _read(answer, invitation)
        if read.errors:
            return _wrong(read)
        placed = Placed(answer, invitation, read, is_invitation_new=is_new)
        self._remember(placed)
        return placed

    def _remember(self, placed: Placed) -> None:
        event_id = placed.invitation.service_event_id
        if placed.answer.event_key and event_id:
            self.known.asked[event_id] = placed.invitation
        self.known.taken.add(placed.invitation.pk)
        if placed.answer.source:
            self._numbers[placed.answer.source] = placed

    def _compare_within(self, answer: ElsewhereAnswer, first: Placed) -> Recorded | Refused:
        is_same = _targets(answer) == _targets(first.answer) and dict(answer.fields) == dict(
            first.answer.fields
        )
        if is_same:
            return Recorded(
                first.invitation.pk,
                is_new=False,
                answered_at=first.answer.answered_at,
                recorded_at=self.at,
                off_path=first.off_path,
            )
        return _doubled(answer)

    def _compare(self, answer: ElsewhereAnswer, source: ResponseSource) -> Recorded | Refused:
        response = source.response
        read = _read(answer, response.invitation)
        is_same = not read.errors and bytes(response.answers_hash) in hashes_of(read.answers)
        if is_same and _is_about(answer, response.invitation):
            given_at, recorded_at = response.submitted_at, source.recorded_at
            return Recorded(
                response.pk,
                is_new=False,
                answered_at=given_at,
                recorded_at=recorded_at,
                off_path=_keys_off_path(read),
            )
        return _doubled(answer)

    def _target(self, answer: ElsewhereAnswer) -> tuple[Invitation, bool] | Refused:
        if answer.invitation_id:
            invitation = self.known.invitations.get(answer.invitation_id)
            return (
                (invitation, False)
                if invitation
                else Refused(AnswerRefusal.UNKNOWN, _("Invitation not found."))
            )
        if self.asking and answer.event_key:
            return self._of_event(answer, answer.event_key, self.asking)
        if self.asking and answer.customer_key:
            return self._of_customer(answer, answer.customer_key, self.asking)
        return Refused(AnswerRefusal.NO_TARGET, _("Neither an event nor a customer is named."))

    def _of_event(
        self, answer: ElsewhereAnswer, key: Key, asking: ImportingRule
    ) -> tuple[Invitation, bool] | Refused:
        event = self.known.events.get(key)
        if event is None:
            return Refused(
                AnswerRefusal.UNKNOWN, _("There is no service event %(key)s.") % {"key": "/".join(key)}
            )
        invitation = self.known.asked.get(event.pk)
        if invitation is None:
            return _imported(answer, asking, event=event, customer=event.customer, service=event), True
        if invitation.answered_at or invitation.pk in self.known.taken:
            return Refused(
                AnswerRefusal.ANSWERED, _("This service event already has a response: the first one counts.")
            )
        if invitation.survey_id != asking.survey.pk:
            return Refused(
                AnswerRefusal.OTHER_SURVEY,
                _("Another survey rule has already invited this customer: %(survey)s.")
                % {"survey": invitation.survey},
            )
        return invitation, False

    def _of_customer(
        self, answer: ElsewhereAnswer, key: Key, asking: ImportingRule
    ) -> tuple[Invitation, bool] | Refused:
        customer = self.known.customers.get(key)
        if customer is None:
            return Refused(AnswerRefusal.UNKNOWN, _("There is no customer %(key)s.") % {"key": "/".join(key)})
        service = self.known.last_service(customer, at=answer.answered_at)
        if service is None and asking.survey.team is None:
            return Refused(
                AnswerRefusal.NO_TEAM,
                _("No team had served this customer by then, so the response counts for no team."),
            )
        return _imported(answer, asking, event=None, customer=customer, service=service), True


def _keys_off_path(read: ReadAnswers) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key_of(name) for name in read.off_path))


def _read(answer: ElsewhereAnswer, invitation: Invitation) -> ReadAnswers:
    return read_given(
        questionnaire_of(invitation.version_id),
        answer.fields,
        question_set=invitation.question_set,
        event_id=invitation.service_event_id,
    )


def _imported(
    answer: ElsewhereAnswer,
    asking: ImportingRule,
    *,
    event: ServiceEvent | None,
    customer: Customer,
    service: ServiceEvent | None,
) -> Invitation:
    """Return an invitation of which no message was sent.

    The work is credited to who did it; without an event, to who served the customer last.
    """
    credited = service.credited_team if service else asking.survey.team
    if credited is None:
        raise ValueError(customer.pk)
    invitation = prepare_invitation(
        purpose=Purpose.SURVEY.value,
        version_id=asking.version_id,
        team_id=service.team_id if service else credited.pk,
        credited_team_id=credited.pk,
        customer=customer,
        language=answer.language,
        survey_id=asking.survey.pk,
        service_event=event,
        origin=InvitationOrigin.IMPORTED,
        question_set=set_of(questionnaire_of(asking.version_id), answer.fields),
        schedule=_schedule(answer.answered_at, event, credited),
    )
    if event is None:
        invitation.segment_id = customer.segment_id
    return invitation


def _schedule(answered_at: datetime, event: ServiceEvent | None, credited: Team) -> Schedule:
    """It was asked and answered at once, and counts on the day of the service where that is known."""
    completed_at = event.completed_at if event else None
    return Schedule(
        invited_at=answered_at,
        belongs_on=(completed_at or answered_at).astimezone(credited.zone).date(),
        due_at=answered_at,
        send_until=answered_at,
        expires_at=answered_at + _VALID_FOR,
        is_replayed=event.is_replayed if event else False,
    )


def _targets(answer: ElsewhereAnswer) -> tuple[object, ...]:
    return (answer.event_key, answer.customer_key, answer.invitation_id)


def _is_about(answer: ElsewhereAnswer, invitation: Invitation) -> bool:
    event, customer = invitation.service_event, invitation.customer
    if answer.event_key:
        return event is not None and (event.source, event.external_id) == answer.event_key
    if answer.customer_key:
        return (
            event is None
            and customer is not None
            and (customer.source, customer.external_id) == answer.customer_key
        )
    return invitation.pk == answer.invitation_id


def _doubled(answer: ElsewhereAnswer) -> Refused:
    message = _("Response %(key)s is on record with other content.")
    return Refused(AnswerRefusal.DOUBLED, message % {"key": f"{answer.system}/{answer.external_id}"})


def _wrong(read: ReadAnswers) -> Refused:
    sentences = (labelled(key, sentence) if key else sentence for key, sentence in read.errors.items())
    return Refused(AnswerRefusal.WRONG_ANSWERS, in_sequence(sentences), dict(read.errors))
