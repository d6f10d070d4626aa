"""The sample questionnaires as plain data: after a service, each quarter, on a return visit.

In both languages.
"""

from dataclasses import dataclass, field
from typing import Any

Options = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class SampleQuestionnaire:
    """One questionnaire: its own fields, its questions, and the options of its choices by question key."""

    fields: dict[str, Any]
    questions: tuple[dict[str, Any], ...]
    options: dict[str, Options] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """The name by which rules, plans and programmes refer to it."""
        return str(self.fields["slug"])


_SATISFIED = {
    "low_label_en": "Very dissatisfied",
    "low_label_zh_hans": "非常不满意",
    "high_label_en": "Very satisfied",
    "high_label_zh_hans": "非常满意",
}
_RECOMMEND = {
    "key": "recommend",
    "type": "nps",
    "metric": "nps",
    "text_en": "Would you recommend us to a friend or colleague?",
    "text_zh_hans": "您愿意把我们推荐给亲友或同事吗？",
    "low_label_en": "Not at all",
    "low_label_zh_hans": "完全不愿意",
    "high_label_en": "Certainly",
    "high_label_zh_hans": "非常愿意",
}
_NO_NAMES = {
    "help_en": "Please leave out names and phone numbers.",
    "help_zh_hans": "请不要填写姓名或电话号码。",
}
_RESOLVED: Options = (
    ("yes", "Yes, completely", "完全解决"),
    ("partly", "Partly", "部分解决"),
    ("no", "No", "没有解决"),
)

AFTER_SERVICE = SampleQuestionnaire(
    fields={
        "slug": "after-service",
        "names": {"en": "After service", "zh-hans": "服务后评价"},
        "title_en": "How did we do?",
        "title_zh_hans": "您对这次服务满意吗？",
        "intro_en": "Your answer goes straight to the team that served you. It takes less than a minute.",
        "intro_zh_hans": "您的评价会直接送到为您服务的团队，不到一分钟即可完成。",
        "thanks_en": "Thank you. We read every answer.",
        "thanks_zh_hans": "感谢您的评价，我们会认真阅读每一条。",
    },
    questions=(
        {
            "key": "satisfaction",
            "type": "rating",
            "metric": "satisfaction",
            "is_required": True,
            "text_en": "How satisfied are you with this service?",
            "text_zh_hans": "您对本次服务的总体满意度如何？",
            **_SATISFIED,
        },
        {
            "key": "resolved",
            "type": "choice",
            "text_en": "Is your problem solved?",
            "text_zh_hans": "您的问题解决了吗？",
        },
        {
            "key": "attitude",
            "type": "rating",
            "indicator": "service_attitude",
            "text_en": "How was the attitude of the colleague who served you?",
            "text_zh_hans": "服务人员的态度如何？",
            "low_label_en": "Poor",
            "low_label_zh_hans": "很差",
            "high_label_en": "Excellent",
            "high_label_zh_hans": "很好",
        },
        _RECOMMEND,
        {
            "key": "paid",
            "type": "number",
            "settings": {"fee": "amount", "currency": "CNY", "places": 2, "least": 0},
            "text_en": "How much did you pay for this service?",
            "text_zh_hans": "本次服务您一共支付了多少费用？",
            "help_en": "Everything you paid, also in cash. Type 0 if you paid nothing.",
            "help_zh_hans": "请填写全部费用，包括现金；没有付费请填 0。",
        },
        {
            "key": "comment",
            "type": "text",
            "text_en": "What should we do better?",
            "text_zh_hans": "您希望我们在哪些方面改进？",
            **_NO_NAMES,
        },
    ),
    options={"resolved": _RESOLVED},
)
QUARTERLY = SampleQuestionnaire(
    fields={
        "slug": "recommendation",
        "names": {"en": "Quarterly NPS survey", "zh-hans": "季度 NPS 调查"},
        "title_en": "Would you recommend us?",
        "title_zh_hans": "您愿意推荐我们吗？",
        "intro_en": "Two questions about us as a whole, half a minute.",
        "intro_zh_hans": "两个问题，关于您对我们的整体印象，半分钟即可完成。",
        "thanks_en": "Thank you. Your answer helps us decide what to improve next.",
        "thanks_zh_hans": "感谢您的回答，我们会据此决定下一步的改进。",
    },
    questions=(
        {**_RECOMMEND, "is_required": True},
        {
            "key": "reason",
            "type": "text",
            "text_en": "What is the main reason for your score?",
            "text_zh_hans": "您给出这个分数的主要原因是什么？",
            **_NO_NAMES,
        },
    ),
)
RETURN_VISIT = SampleQuestionnaire(
    fields={
        "slug": "return-visit",
        "names": {"en": "Return visit call script", "zh-hans": "回访问卷"},
        "title_en": "Is everything all right now?",
        "title_zh_hans": "问题是否已经解决？",
        "intro_en": "Say who you are and why you call; ask whether it is a good moment.",
        "intro_zh_hans": "请先说明身份和来意，并确认客户方便接听。",
        "thanks_en": "Thank you for your time.",
        "thanks_zh_hans": "感谢您的时间。",
    },
    questions=(
        {
            "key": "resolved",
            "type": "choice",
            "is_required": True,
            "text_en": "Is the problem solved now?",
            "text_zh_hans": "您反映的问题现在解决了吗？",
        },
        {
            "key": "satisfaction_now",
            "type": "rating",
            "metric": "satisfaction",
            "text_en": "How satisfied are you with how it was handled?",
            "text_zh_hans": "您对我们的处理结果满意吗？",
            **_SATISFIED,
        },
        {
            "key": "remarks",
            "type": "text",
            "text_en": "What did the customer say?",
            "text_zh_hans": "客户还说了什么？",
            **_NO_NAMES,
        },
    ),
    options={"resolved": _RESOLVED},
)
# What the survey staff of one region may try things out with:
# the others are shared, and changed by quality management only.
REGIONAL = SampleQuestionnaire(
    fields={
        "slug": "east-trial",
        "names": {"en": "Short form (East, trial)", "zh-hans": "简短问卷（东区试用）"},
        "title_en": "One question about today",
        "title_zh_hans": "关于今天服务的一个问题",
        "thanks_en": "Thank you. We read every answer.",
        "thanks_zh_hans": "感谢您的评价，我们会认真阅读每一条。",
    },
    questions=(
        {
            "key": "satisfaction",
            "type": "rating",
            "metric": "satisfaction",
            "is_required": True,
            "text_en": "How satisfied are you with today's service?",
            "text_zh_hans": "您对今天的服务满意吗？",
            **_SATISFIED,
        },
    ),
)
SAMPLES = (AFTER_SERVICE, QUARTERLY, RETURN_VISIT, REGIONAL)
