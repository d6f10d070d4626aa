"""A published questionnaire with every question type, and links to it in any state."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from feedback_site.customers.models import Customer
from feedback_site.questionnaires.models import QuestionnaireVersion
from surveys.models import Invitation
from surveys.services.links.tokens import hash_token, newest_key_id, token_of

INVITED_AT = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
FAR_AWAY = datetime(2099, 1, 1, tzinfo=UTC)
GOOD_ANSWERS = {"overall": "4", "recommend": "9", "solved": "yes", "comment": "师傅很准时。"}


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
    """Post `fields` and `files` as a browser's form with files does.

    `files` is name -> content, or a list of contents.
    """
    parts = {
        name: [SimpleUploadedFile("../../evil.php", one) for one in _each(content)]
        for name, content in files.items()
    }
    return client.post(address, {**fields, **parts})


def _each(content: bytes | list[bytes]) -> list[bytes]:
    return [content] if isinstance(content, bytes) else content
