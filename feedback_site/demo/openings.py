"""Codes at two counters, and what a person who passed by has answered there."""

from datetime import datetime, timedelta

from feedback_site.accounts.models import Team
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.services.questionnaires import questionnaire_of
from surveys.models import OpenQuestionnaire
from surveys.selectors.open_questionnaires import OpenPlace, find_place
from surveys.services.open_questionnaires.answering import (
    OpenSubmission,
    mark_device,
    read_openly,
    submission_key,
    submit_openly,
)
from surveys.services.open_questionnaires.opening import close_open_questionnaire, save_open_questionnaire

QUESTIONNAIRE = "after-service"
_DESK, _TENT = "东区一站前台 · Front desk East 1", "春季巡检活动 · Spring check tent"
# Hours ago, device, language, satisfaction, comment, ticket
# number: the tablet on the counter answers twice a day.
_ANSWERS = (
    (2, "phone-1", "zh-hans", 5, "取件很快，前台很热情。", "W-90211"),
    (3, "tablet", "zh-hans", 4, "", ""),
    (3.5, "tablet", "zh-hans", 2, "等了四十分钟才有人接待。", ""),
    (5, "phone-2", "en", 5, "Friendly and quick.", ""),
    (26, "phone-3", "zh-hans", 3, "停车不方便。", "W-90118"),
    (28, "tablet", "en", 4, "", ""),
    (51, "phone-4", "zh-hans", 5, "", ""),
    (75, "phone-5", "zh-hans", 1, "修了三次还是同样的毛病。", "W-89640"),
)


def load_open_questionnaires(*, at: datetime) -> int:
    """Open the questionnaire at a counter and at an event that is over; return how many answered."""
    team = Team.objects.get(code="east-1")
    questionnaire = Questionnaire.objects.get(slug=QUESTIONNAIRE)
    began = at - timedelta(days=30)
    desk = OpenQuestionnaire(team=team, questionnaire=questionnaire, label=_DESK, asks_ticket_number=True)
    save_open_questionnaire(opened=desk, at=began)
    tent = OpenQuestionnaire(team=team, questionnaire=questionnaire, label=_TENT)
    save_open_questionnaire(opened=tent, at=began)
    close_open_questionnaire(opened=tent, at=at - timedelta(days=9))
    place = find_place(desk.code)
    assert place is not None  # noqa: S101 - opened above
    for number, answer in enumerate(reversed(_ANSWERS)):
        _answer(place, number, *answer, at=at)
    return len(_ANSWERS)


def _answer(
    place: OpenPlace,
    number: int,
    hours: float,
    device: str,
    language: str,
    score: int,
    comment: str,
    ticket: str,
    *,
    at: datetime,
) -> None:
    fields = {"satisfaction": [str(score)], "comment": [comment]}
    submission = OpenSubmission(
        place=place,
        version_id=place.version_id,
        question_set="",
        key=submission_key(number=f"{place.code} {number}"),
        read=read_openly(questionnaire_of(place.version_id), fields, question_set=""),
        ticket_number=ticket,
        language=language,
        device_mark=mark_device(place=place, signals={"device": device, "day": str(int(hours // 24))}),
    )
    submit_openly(submission, at=at - timedelta(hours=hours))
