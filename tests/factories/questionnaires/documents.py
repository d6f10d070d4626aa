"""Published documents, written by hand: what is under test begins with the frozen document."""

from datetime import UTC, datetime
from typing import Any

from feedback_site.questionnaires.document import QuestionContent, read_document
from feedback_site.questionnaires.models import Questionnaire, QuestionnaireVersion
from feedback_site.questionnaires.questions import CompiledQuestion, compile_question
from feedback_site.questionnaires.services.questionnaires import CompiledQuestionnaire

PUBLISHED_AT = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)


def both(english: str, chinese: str) -> dict[str, str]:
    return {"en": english, "zh-hans": chinese}


def question(key: str, kind: str, text: dict[str, str], **more: Any) -> dict[str, Any]:
    empty = both("", "")
    content = {
        "key": key,
        "type": kind,
        "metric": "none",
        "required": False,
        "text": text,
        "help": empty,
        "low_label": empty,
    }
    return {**content, "high_label": empty, "options": [], **more}


QUESTIONS = [
    question(
        "overall",
        "rating",
        both("How satisfied are you with this service?", "您对本次服务满意吗？"),
        metric="satisfaction",
        required=True,
        low_label=both("Very dissatisfied", "非常不满意"),
        high_label=both("Very satisfied", "非常满意"),
    ),
    question(
        "recommend",
        "nps",
        both("How likely are you to recommend us to a friend?", "您有多大可能向朋友推荐我们？"),
        metric="nps",
        low_label=both("Not at all likely", "完全不可能"),
        high_label=both("Extremely likely", "非常可能"),
    ),
    question(
        "solved",
        "choice",
        both("Is your problem solved?", "您的问题解决了吗？"),
        options=[
            {"key": "yes", "text": both("Yes, completely", "已完全解决")},
            {"key": "partly", "text": both("Partly", "部分解决")},
            {"key": "no", "text": both("No", "没有解决")},
        ],
    ),
    question(
        "comment",
        "text",
        both("What should we do better?", "您希望我们改进什么？"),
        help=both("Please leave out names and numbers.", "请不要填写姓名和电话。"),
    ),
]


def document_of(questions: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "slug": "after-service",
        "name": both("After service", "服务后评价"),
        "number": 1,
        "languages": ["zh-hans", "en"],
        "default_language": "zh-hans",
        "title": both("How did we do?", "请评价我们的服务"),
        "intro": both("Four short questions, less than a minute.", "四个小问题，不到一分钟。"),
        "thanks": both("Your answer helps us serve you better.", "您的评价会帮助我们做得更好。"),
        "questions": questions,
    }


def content_of(question: dict[str, Any]) -> QuestionContent:
    """Read one question of a document."""
    return read_document(document_of([question])).questions[0]


def compiled(question: dict[str, Any]) -> CompiledQuestion:
    """Compile one question of a document."""
    return compile_question(content_of(question))


def compile_by_hand(version_id: int, questions: list[dict[str, Any]], **more: Any) -> CompiledQuestionnaire:
    """Compile a document that no version holds."""
    document = read_document(document_of(questions) | more)
    return CompiledQuestionnaire(version_id, document, tuple(map(compile_question, document.questions)))


def publish(questions: list[dict[str, Any]] | None = None) -> QuestionnaireVersion:
    """Publish a version by hand: what is under test here begins with the frozen document."""
    draft, _is_new = Questionnaire.objects.get_or_create(
        slug="after-service",
        defaults={
            "names": {"en": "After service", "zh-hans": "服务后评价"},
            "title": {"en": "How did we do?", "zh-hans": "请评价我们的服务"},
            "thanks": {"en": "Thank you.", "zh-hans": "谢谢。"},
        },
    )
    number = draft.versions.count() + 1
    document = document_of(QUESTIONS if questions is None else questions)
    return QuestionnaireVersion.objects.create(
        questionnaire=draft, number=number, document=document, published_at=PUBLISHED_AT
    )
