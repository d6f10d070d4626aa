"""The sample questionnaire as plain data: five questions, in both languages."""

from typing import Any

QUESTIONNAIRE: dict[str, Any] = {
    "slug": "after-service",
    "name_en": "After service",
    "name_zh_hans": "服务后评价",
    "title_en": "How did we do?",
    "title_zh_hans": "您对这次服务满意吗？",
    "intro_en": "Your answer goes straight to the team that served you. It takes less than a minute.",
    "intro_zh_hans": "您的评价会直接送到为您服务的团队，不到一分钟即可完成。",
    "thanks_en": "Thank you. We read every answer.",
    "thanks_zh_hans": "感谢您的评价，我们会认真阅读每一条。",
}
QUESTIONS: tuple[dict[str, Any], ...] = (
    {
        "key": "satisfaction",
        "type": "rating",
        "metric": "satisfaction",
        "is_required": True,
        "text_en": "How satisfied are you with this service?",
        "text_zh_hans": "您对本次服务的总体满意度如何？",
        "low_label_en": "Very dissatisfied",
        "low_label_zh_hans": "非常不满意",
        "high_label_en": "Very satisfied",
        "high_label_zh_hans": "非常满意",
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
        "text_en": "How was the attitude of the colleague who served you?",
        "text_zh_hans": "服务人员的态度如何？",
        "low_label_en": "Poor",
        "low_label_zh_hans": "很差",
        "high_label_en": "Excellent",
        "high_label_zh_hans": "很好",
    },
    {
        "key": "recommend",
        "type": "nps",
        "metric": "nps",
        "text_en": "Would you recommend us to a friend or colleague?",
        "text_zh_hans": "您愿意把我们推荐给亲友或同事吗？",
        "low_label_en": "Not at all",
        "low_label_zh_hans": "完全不愿意",
        "high_label_en": "Certainly",
        "high_label_zh_hans": "非常愿意",
    },
    {
        "key": "comment",
        "type": "text",
        "text_en": "What should we do better?",
        "text_zh_hans": "您希望我们在哪些方面改进？",
        "help_en": "Please leave out names and phone numbers.",
        "help_zh_hans": "请不要填写姓名或电话号码。",
    },
)
OPTIONS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "resolved": (
        ("yes", "Yes, completely", "完全解决"),
        ("partly", "Partly", "部分解决"),
        ("no", "No", "没有解决"),
    ),
}
