"""The sample questionnaires as documents: after a service, each quarter, on a return visit.

In both languages.
"""

from dataclasses import replace

from feedback_site.questionnaires.document import Document, OptionContent, QuestionContent

_DISSATISFIED = {"en": "Very dissatisfied", "zh-hans": "非常不满意"}
_SATISFIED = {"en": "Very satisfied", "zh-hans": "非常满意"}
_RECOMMEND = QuestionContent(
    key="recommend",
    type="nps",
    metric="nps",
    text={
        "en": "Would you recommend us to a friend or colleague?",
        "zh-hans": "您愿意把我们推荐给亲友或同事吗？",
    },
    low_label={"en": "Not at all", "zh-hans": "完全不愿意"},
    high_label={"en": "Certainly", "zh-hans": "非常愿意"},
)
_NO_NAMES = {"en": "Please leave out names and phone numbers.", "zh-hans": "请不要填写姓名或电话号码。"}
_RESOLVED = (
    OptionContent("yes", {"en": "Yes, completely", "zh-hans": "完全解决"}),
    OptionContent("partly", {"en": "Partly", "zh-hans": "部分解决"}),
    OptionContent("no", {"en": "No", "zh-hans": "没有解决"}),
)

AFTER_SERVICE = Document(
    slug="after-service",
    name={"en": "After service", "zh-hans": "服务后评价"},
    title={"en": "How did we do?", "zh-hans": "您对这次服务满意吗？"},
    intro={
        "en": "Your answer goes straight to the team that served you. It takes less than a minute.",
        "zh-hans": "您的评价会直接送到为您服务的团队，不到一分钟即可完成。",
    },
    thanks={"en": "Thank you. We read every answer.", "zh-hans": "感谢您的评价，我们会认真阅读每一条。"},
    questions=(
        QuestionContent(
            key="satisfaction",
            type="rating",
            metric="satisfaction",
            required=True,
            text={
                "en": "How satisfied are you with this service?",
                "zh-hans": "您对本次服务的总体满意度如何？",
            },
            low_label=_DISSATISFIED,
            high_label=_SATISFIED,
        ),
        QuestionContent(
            key="resolved",
            type="choice",
            text={"en": "Is your problem solved?", "zh-hans": "您的问题解决了吗？"},
            options=_RESOLVED,
        ),
        QuestionContent(
            key="attitude",
            type="rating",
            indicator="service_attitude",
            text={
                "en": "How was the attitude of the colleague who served you?",
                "zh-hans": "服务人员的态度如何？",
            },
            low_label={"en": "Poor", "zh-hans": "很差"},
            high_label={"en": "Excellent", "zh-hans": "很好"},
        ),
        _RECOMMEND,
        QuestionContent(
            key="paid",
            type="number",
            settings={"fee": "amount", "currency": "CNY", "places": 2, "least": 0},
            text={
                "en": "How much did you pay for this service?",
                "zh-hans": "本次服务您一共支付了多少费用？",
            },
            help={
                "en": "Everything you paid, also in cash. Type 0 if you paid nothing.",
                "zh-hans": "请填写全部费用，包括现金；没有付费请填 0。",
            },
        ),
        QuestionContent(
            key="comment",
            type="text",
            text={"en": "What should we do better?", "zh-hans": "您希望我们在哪些方面改进？"},
            help=_NO_NAMES,
        ),
    ),
)

QUARTERLY = Document(
    slug="recommendation",
    name={"en": "Quarterly NPS survey", "zh-hans": "季度 NPS 调查"},
    title={"en": "Would you recommend us?", "zh-hans": "您愿意推荐我们吗？"},
    intro={
        "en": "Two questions about us as a whole, half a minute.",
        "zh-hans": "两个问题，关于您对我们的整体印象，半分钟即可完成。",
    },
    thanks={
        "en": "Thank you. Your answer helps us decide what to improve next.",
        "zh-hans": "感谢您的回答，我们会据此决定下一步的改进。",
    },
    questions=(
        replace(_RECOMMEND, required=True),
        QuestionContent(
            key="reason",
            type="text",
            text={
                "en": "What is the main reason for your score?",
                "zh-hans": "您给出这个分数的主要原因是什么？",
            },
            help=_NO_NAMES,
        ),
    ),
)

RETURN_VISIT = Document(
    slug="return-visit",
    name={"en": "Return visit call script", "zh-hans": "回访问卷"},
    title={"en": "Is everything all right now?", "zh-hans": "问题是否已经解决？"},
    intro={
        "en": "Say who you are and why you call; ask whether it is a good moment.",
        "zh-hans": "请先说明身份和来意，并确认客户方便接听。",
    },
    thanks={"en": "Thank you for your time.", "zh-hans": "感谢您的时间。"},
    questions=(
        QuestionContent(
            key="resolved",
            type="choice",
            required=True,
            text={"en": "Is the problem solved now?", "zh-hans": "您反映的问题现在解决了吗？"},
            options=_RESOLVED,
        ),
        QuestionContent(
            key="satisfaction_now",
            type="rating",
            metric="satisfaction",
            text={
                "en": "How satisfied are you with how it was handled?",
                "zh-hans": "您对我们的处理结果满意吗？",
            },
            low_label=_DISSATISFIED,
            high_label=_SATISFIED,
        ),
        QuestionContent(
            key="remarks",
            type="text",
            text={"en": "What did the customer say?", "zh-hans": "客户还说了什么？"},
            help=_NO_NAMES,
        ),
    ),
)

# What the survey staff of one region may try things out with:
# the others are shared, and changed by quality management only.
REGIONAL = Document(
    slug="east-trial",
    name={"en": "Short form (East, trial)", "zh-hans": "简短问卷（东区试用）"},
    title={"en": "One question about today", "zh-hans": "关于今天服务的一个问题"},
    thanks={"en": "Thank you. We read every answer.", "zh-hans": "感谢您的评价，我们会认真阅读每一条。"},
    questions=(
        QuestionContent(
            key="satisfaction",
            type="rating",
            metric="satisfaction",
            required=True,
            text={"en": "How satisfied are you with today's service?", "zh-hans": "您对今天的服务满意吗？"},
            low_label=_DISSATISFIED,
            high_label=_SATISFIED,
        ),
    ),
)

SAMPLES = (AFTER_SERVICE, QUARTERLY, RETURN_VISIT, REGIONAL)
