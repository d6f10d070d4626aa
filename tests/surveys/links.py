"""A published questionnaire with every question type, and links to it in any state."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from feedback_site.customers.models import Customer
from feedback_site.questionnaires.models import Questionnaire, QuestionnaireVersion
from surveys.models import Invitation
from surveys.services.links.tokens import hash_token, newest_key_id, token_of

INVITED_AT = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
FAR_AWAY = datetime(2099, 1, 1, tzinfo=UTC)
GOOD_ANSWERS = {"overall": "4", "recommend": "9", "solved": "yes", "comment": "师傅很准时。"}


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
        "schema": 1,
        "key": "after-service",
        "number": 1,
        "languages": ["zh-hans", "en"],
        "default_language": "zh-hans",
        "title": both("How did we do?", "请评价我们的服务"),
        "intro": both("Four short questions, less than a minute.", "四个小问题，不到一分钟。"),
        "thanks": both("Your answer helps us serve you better.", "您的评价会帮助我们做得更好。"),
        "questions": questions,
    }


def publish(questions: list[dict[str, Any]] | None = None) -> QuestionnaireVersion:
    """Publish a version by hand: what is under test here begins with the frozen document."""
    draft, _is_new = Questionnaire.objects.get_or_create(
        slug="after-service",
        defaults={
            "name_en": "After service",
            "name_zh_hans": "服务后评价",
            "title_en": "How did we do?",
            "title_zh_hans": "请评价我们的服务",
            "thanks_en": "Thank you.",
            "thanks_zh_hans": "谢谢。",
        },
    )
    number = draft.versions.count() + 1
    document = document_of(QUESTIONS if questions is None else questions)
    return QuestionnaireVersion.objects.create(
        questionnaire=draft, number=number, document=document, published_at=INVITED_AT
    )


@dataclass
class Invited:
    """An invitation and the addresses its customer holds."""

    invitation: Invitation
    token: str

    @property
    def address(self) -> str:
        return f"/r/{self.token}/"


def invite(organisation: SimpleNamespace, version: QuestionnaireVersion, **more: Any) -> Invited:
    """Invite a person; `more` overrides the fields of an open English link that never ends."""
    number = Customer.objects.count() + 1
    customer = more.pop("customer", None) or Customer.objects.create(source="crm", external_id=f"C-{number}")
    fields = {
        "purpose": "survey",
        "version": version,
        "customer": customer,
        "team": organisation.east_1,
        "credited_team": organisation.east_1,
        "language": "en",
        "token_key_id": newest_key_id(),
        "invited_at": INVITED_AT,
        "belongs_on": INVITED_AT.date(),
        "due_at": INVITED_AT,
        "deadline_at": INVITED_AT + timedelta(minutes=10),
        "send_until": INVITED_AT + timedelta(hours=72),
        "expires_at": FAR_AWAY,
        **more,
    }
    invitation = Invitation(**fields)
    token = token_of(invitation)
    invitation.token_hash = hash_token(token)
    invitation.save(force_insert=True)
    return Invited(invitation, token)


def send(client: Client, address: str, fields: Any) -> Any:
    """Post `fields` (a mapping or pairs) as a browser's form does."""
    return client.post(
        address, urlencode(fields, doseq=True), content_type="application/x-www-form-urlencoded"
    )


def send_files(client: Client, address: str, fields: Any, files: Any) -> Any:
    """Post `fields` and `files` (name -> content, or a list
    of contents) as a browser's form with files does.
    """
    parts = {
        name: [SimpleUploadedFile("../../evil.php", one) for one in _each(content)]
        for name, content in files.items()
    }
    return client.post(address, {**fields, **parts})


def _each(content: bytes | list[bytes]) -> list[bytes]:
    return [content] if isinstance(content, bytes) else content
