"""Two campaigns, made through the same services as real ones.

Last quarter's is closed, this quarter's is in the field.

Their messages leave no machine: what simulated customers answered of them lies in the past.
"""

import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedback_site.accounts.models import User
from feedback_site.delivery.services import deliver_messages
from feedback_site.demo.answers import make_reason
from feedback_site.demo.dice import pick
from feedback_site.demo.months import month_after, quarter_of
from feedback_site.demo.organisation import PROGRAMME
from feedback_site.demo.people import SEED
from nps.enums import CampaignStatus, ClosingCause
from nps.models import Campaign, Programme
from nps.services.drawing import draw_sample, request_draw
from nps.services.fielding import close_campaign, launch_campaign
from nps.services.preparing import prepare_campaign
from nps.services.running import run_campaigns
from surveys.models import Invitation
from surveys.services.responses.answering import Submission, submit_responses
from surveys.services.tallies.tallying import consume_tallies

# How often 0 to 10 is given: last quarter, and this quarter, in which things go a little better.
SCORES = ((2, 1, 1, 2, 2, 5, 8, 15, 20, 22, 22), (1, 1, 1, 1, 2, 4, 7, 14, 20, 24, 25))
ANSWERED_SHARE, ANSWERED_SO_FAR = 0.66, 0.5
_LAUNCHED_BEFORE_QUARTER_END, _CLOSED_BEFORE_QUARTER_END = timedelta(days=6), timedelta(days=1)
_IN_THE_FIELD = timedelta(days=4)
_OFFICE_OPENS = time(10)
_LONGEST_WAIT_HOURS = 40
_STEP = timedelta(days=1)


def load_campaigns(*, by: User, at: datetime) -> list[Campaign]:
    """Field last quarter's campaign to its close, and this quarter's until `at`; return both."""
    programme = Programme.objects.get(slug=PROGRAMME)
    zone = ZoneInfo(programme.time_zone)
    quarter = quarter_of(at.astimezone(zone).date())
    begins_at = datetime.combine(quarter, _OFFICE_OPENS, zone)
    dice = random.Random(SEED + 2)  # noqa: S311 - the same answers each time is the point
    last = _launch(programme, month_after(quarter, -3), by, at=begins_at - _LAUNCHED_BEFORE_QUARTER_END)
    _field(last, SCORES[0], dice, share=ANSWERED_SHARE, until=begins_at - _CLOSED_BEFORE_QUARTER_END)
    last.refresh_from_db()
    if last.status != CampaignStatus.CLOSED:
        close_campaign(
            campaign=last, cause=ClosingCause.STAFF, by=by, at=begins_at - _CLOSED_BEFORE_QUARTER_END
        )
    launched_at = min(at, max(begins_at, at - _IN_THE_FIELD))
    running = _launch(programme, quarter, by, at=launched_at)
    # One wave only: the next is the running site's, whose messages arrive and are answered before one's eyes.
    _field(running, SCORES[1], dice, share=ANSWERED_SO_FAR, until=min(at, launched_at + _STEP), latest=at)
    return [last, running]


def _launch(programme: Programme, quarter: date, by: User, *, at: datetime) -> Campaign:
    campaign = prepare_campaign(programme=programme, quarter_start=quarter, at=at)
    request_draw(campaign=campaign, at=at)
    draw_sample(campaign_id=campaign.pk, at=at)
    return launch_campaign(campaign=campaign, by=by, at=at)


def _field(
    campaign: Campaign,
    scores: Sequence[int],
    dice: random.Random,
    *,
    share: float,
    until: datetime,
    latest: datetime | None = None,
) -> None:
    """Let each day's wave go out and its customers answer until `until`.

    By then the field ends or staff close the campaign.
    """
    day = campaign.launched_at or until
    asked: set[uuid.UUID] = set()
    while day <= until:
        moment = day
        _until_done(lambda: run_campaigns(at=moment, is_replayed=True))  # noqa: B023 - called at once
        _until_done(lambda: deliver_messages(limit=500).claimed)
        invited = Invitation.objects.filter(
            campaign_member__campaign=campaign, answered_at__isnull=True
        ).exclude(pk__in=asked)
        new = list(invited.order_by("pk"))
        asked |= {invitation.pk for invitation in new}
        _answer(
            [invitation for invitation in new if dice.random() < share], scores, dice, latest=latest or until
        )
        day += _STEP
    _until_done(lambda: consume_tallies(at=until))


def _answer(
    invitations: Sequence[Invitation], scores: Sequence[int], dice: random.Random, *, latest: datetime
) -> None:
    """Answer each within two days, most within hours, none after `latest`.

    Answers of one hour are one batch.
    """
    by_moment: defaultdict[datetime, list[Submission]] = defaultdict(list)
    for invitation in invitations:
        waited = timedelta(hours=1 + int(_LONGEST_WAIT_HOURS * dice.random() ** 3))
        score = pick(list(enumerate(scores)), dice)
        answers: dict[str, int | str] = {
            "recommend": score,
            **make_reason(score=score, language=invitation.language, dice=dice),
        }
        submission = Submission(
            invitation_id=invitation.pk,
            answers=answers,
            satisfaction=None,
            nps=score,
            language=invitation.language,
        )
        by_moment[min(invitation.invited_at + waited, latest)].append(submission)
    for moment in sorted(by_moment):
        submit_responses(by_moment[moment], at=moment)


def _until_done(step: Callable[[], int]) -> None:
    while step():
        pass
