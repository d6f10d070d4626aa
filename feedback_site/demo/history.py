"""Last quarter and the months since, made through the same services as real events.

Recorded, decided, invited, answered, tallied.

Loaded as replayed events: outside the ten-minute headline, and no message leaves the machine.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from feedback_site.customers.services import customer_entry
from feedback_site.delivery.services import deliver_messages
from feedback_site.demo.answers import make_answers
from feedback_site.demo.cases import DemoCase, make_case
from feedback_site.demo.fees import make_paid
from feedback_site.demo.months import HistoryMonth, Volume, history_months
from feedback_site.demo.organisation import DemoOrganisation
from feedback_site.demo.people import SEED, SOURCE
from feedback_site.demo.profiles import TEAMS, TeamProfile
from feedback_site.service_events.services import EventSubmission, record_service_events
from surveys.models import Invitation
from surveys.services.decisions.deciding import decide_events
from surveys.services.invitations.inviting import queue_invitations
from surveys.services.responses.answering import Submission, submit_responses
from surveys.services.tallies.tallying import consume_tallies

VOLUME = Volume(last_quarter=190, since=72, least=58)
OPEN_CASES = 3
LEAST_ANSWERS, ANSWERED_SHARE = 33, 0.64
_BATCH = 500
_LONGEST_WAIT = timedelta(hours=30)


def load_history(*, organisation: DemoOrganisation, at: datetime) -> tuple[HistoryMonth, ...]:
    """Load the months from last quarter on and return them, oldest first."""
    dice = random.Random(SEED + 1)  # noqa: S311 - the same history each time is the point
    zone = organisation.teams[TEAMS[0].code].zone
    months = history_months(at=at, zone=zone, volume=VOLUME)
    cases = sorted(_cases(months, dice), key=lambda case: case.opened_at)
    for start in range(0, len(cases), _BATCH):
        submissions = [_submission(case, organisation) for case in cases[start : start + _BATCH]]
        record_service_events(submissions=submissions, at=at, is_replayed=True)
    _until_done(lambda: decide_events(at=at, limit=_BATCH))
    _until_done(lambda: queue_invitations(at=at, limit=_BATCH))
    _until_done(lambda: deliver_messages(limit=_BATCH).claimed)
    for month in months:
        for team in TEAMS:
            _answer(month, team, dice, at=at)
    _until_done(lambda: consume_tallies(at=at))
    return months


def _cases(months: Sequence[HistoryMonth], dice: random.Random) -> Iterator[DemoCase]:
    for month in months:
        for team in TEAMS:
            for number in range(1, month.cases + 1):
                yield make_case(
                    number=_number(month, team, number), team=team, ended_at=month.ended_at(dice), dice=dice
                )
    for team in TEAMS:
        for number in range(1, OPEN_CASES + 1):
            ended_at = months[-1].ends_at - timedelta(hours=dice.uniform(0, 8))
            yield make_case(
                number=f"{team.code}-open-{number}", team=team, ended_at=ended_at, is_open=True, dice=dice
            )


def _number(month: HistoryMonth, team: TeamProfile, number: int) -> str:
    return f"{month.start_on:%Y%m}-{team.code}-{number:03}"


def _submission(case: DemoCase, organisation: DemoOrganisation) -> EventSubmission:
    person = case.customer
    return EventSubmission(
        source=SOURCE,
        external_id=case.external_id,
        kind=organisation.kinds[case.kind],
        channel=organisation.channels[case.channel],
        team=organisation.teams[case.team.code],
        agent=case.agent,
        customer=customer_entry(
            source=SOURCE,
            external_id=person.external_id,
            name=person.name,
            phone=person.phone or None,
            email=person.email or None,
            language=person.language,
            segment=organisation.segments[person.segment],
        ),
        opened_at=case.opened_at,
        first_response_at=case.first_response_at,
        completed_at=case.completed_at,
        is_resolved=case.is_resolved,
        is_complaint=case.is_complaint,
        priority=case.priority,
        product_line=case.product_line,
        is_in_warranty=case.is_in_warranty,
        consent=person.consent,
        attributes=case.attributes,
    )


def _answer(month: HistoryMonth, team: TeamProfile, dice: random.Random, *, at: datetime) -> None:
    """Answer about two thirds of a team's invitations of a month, each at a time of its own."""
    invited = Invitation.objects.filter(
        credited_team__code=team.code,
        service_event__source=SOURCE,
        service_event__external_id__startswith=f"{month.start_on:%Y%m}-",
        is_replayed=True,
        voided_at__isnull=True,
    )
    invitations = list(invited.select_related("service_event").order_by("service_event__external_id"))
    dice.shuffle(invitations)
    for invitation in invitations[: max(LEAST_ANSWERS, round(len(invitations) * ANSWERED_SHARE))]:
        _answer_one(invitation, team, dice, at=at)


def _answer_one(invitation: Invitation, team: TeamProfile, dice: random.Random, *, at: datetime) -> None:
    answers = make_answers(ratings=team.ratings, language=invitation.language, dice=dice)
    satisfaction, recommend = answers["satisfaction"], answers.get("recommend")
    event = invitation.service_event
    paid = make_paid(number=event.external_id, fee=int(float(event.attributes["amount"]))) if event else None
    if paid is not None:
        answers["paid"] = paid
    submission = Submission(
        invitation_id=invitation.id,
        answers=answers,
        satisfaction=int(satisfaction),
        nps=None if recommend is None else int(recommend),
        language=invitation.language,
    )
    # Most answer within the hour, some the next day, none in the future.
    waited = _LONGEST_WAIT * dice.random() ** 4
    submit_responses([submission], at=min(invitation.invited_at + waited, at))


def _until_done(step: Callable[[], int]) -> None:
    while step():
        pass
