"""What simulated customers answer: ratings that fit the team, the rest fitting the rating. Without Django."""

import random
from collections.abc import Sequence

from feedback_site.demo.dice import pick

# How customers of no team in particular rate, 1 to 5.
USUAL_RATINGS = (3, 5, 12, 35, 45)
_RESOLVED = {1: (5, 25, 70), 2: (15, 45, 40), 3: (45, 45, 10), 4: (82, 16, 2), 5: (96, 4, 0)}
_RECOMMEND = {1: (0, 4), 2: (2, 6), 3: (5, 8), 4: (7, 9), 5: (9, 10)}
_ATTITUDE_SHARE, _RECOMMEND_SHARE, _COMMENT_SHARE = 0.85, 0.8, 0.3
_COMMENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "zh-hans": {
        "low": (
            "等了很久才有人上门。",
            "问题没有解决，又坏了。",
            "打了三次电话才接通。",
            "没有提前说明费用。",
            "师傅迟到了两个小时。",
        ),
        "high": (
            "师傅很专业，讲解很清楚。",
            "上门很准时，非常满意。",
            "处理很快，谢谢！",
            "态度很好，还教我怎么保养。",
            "客服回复及时。",
        ),
    },
    "en": {
        "low": (
            "Waited far too long.",
            "It broke again the next day.",
            "Nobody told me about the extra cost.",
            "Hard to reach by phone.",
        ),
        "high": (
            "Quick and friendly, thank you.",
            "Explained everything clearly.",
            "Came on time and fixed it at once.",
            "Very professional.",
        ),
    },
}
_CONTENT = 4
_DETRACTOR = 6


def make_reason(*, score: int, language: str, dice: random.Random) -> dict[str, str]:
    """Return why a person would recommend us or not, as some of them say; empty for the others."""
    if dice.random() >= _COMMENT_SHARE:
        return {}
    return {"reason": dice.choice(_COMMENTS[language]["low" if score <= _DETRACTOR else "high"])}


def make_answers(*, ratings: Sequence[int], language: str, dice: random.Random) -> dict[str, int | str]:
    """Return answers by question key of the sample questionnaire.

    `ratings` are the weights of 1 to 5 points.
    """
    satisfaction = pick(list(zip(range(1, 6), ratings, strict=True)), dice)
    answers: dict[str, int | str] = {"satisfaction": satisfaction}
    answers["resolved"] = pick(list(zip(("yes", "partly", "no"), _RESOLVED[satisfaction], strict=True)), dice)
    if dice.random() < _ATTITUDE_SHARE:
        answers["attitude"] = min(5, max(1, satisfaction + dice.choice((-1, 0, 0, 1))))
    if dice.random() < _RECOMMEND_SHARE:
        answers["recommend"] = dice.randint(*_RECOMMEND[satisfaction])
    if dice.random() < _COMMENT_SHARE:
        mood = "high" if satisfaction >= _CONTENT else "low"
        answers["comment"] = dice.choice(_COMMENTS[language][mood])
    return answers
