"""`demo.json`: where the demo is reached and how to get in.

Only this file holds its API key in clear.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import ApiKey, User
from feedback_site.accounts.services import authenticate_api_key, create_api_key, revoke_api_key
from feedback_site.demo.staff import ADMIN, new_password, set_up_staff
from feedback_site.service_events.models import WebhookSource
from feedback_site.service_events.services import (
    SignedRequest,
    add_webhook_secret,
    authenticate_webhook,
    create_webhook_source,
    end_older_webhook_secret,
    sign_webhook,
)

FILE_NAME = "demo.json"
API_KEY_NAME = "demo"
WEBHOOK_SOURCE = "crm"


def write_credentials(*, file: Path, addresses: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Write the file for this run and return its content.

    Credentials that still work are kept, others made again.

    `addresses` holds what may change between runs: `base_url`, `smtp_port`, `sms_gateway_url`.
    """
    kept = _read(file)
    content = kept if kept is not None and _still_work(kept, at=at) else _make(at=at)
    content = {
        "base_url": addresses["base_url"],
        **{name: content[name] for name in ("admin", "staff", "api_key", "webhook_secret")},
        "webhook_url": f"{addresses['base_url']}/api/v1/webhooks/service-events/{WEBHOOK_SOURCE}/",
        "voice_url": f"{addresses['base_url']}/voice/",
        "smtp_port": addresses["smtp_port"],
        "sms_gateway_url": addresses["sms_gateway_url"],
    }
    _write(file, content)
    return content


def _read(file: Path) -> dict[str, Any] | None:
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return content


def _still_work(content: dict[str, Any], *, at: datetime) -> bool:
    try:
        admin, api_key, webhook_secret = content["admin"], content["api_key"], content["webhook_secret"]
        is_complete = bool(content["staff"])
    except KeyError:
        return False
    return (
        is_complete
        and authenticate_api_key(credentials=api_key, at=at) is not None
        and _signs(webhook_secret, at=at)
        and _opens(**admin)
    )


def _opens(*, username: str, password: str, **_more: Any) -> bool:
    """Say whether the password is right, which is no attempt to sign in."""
    user = User.objects.filter(username=username, is_active=True).first()
    return user is not None and user.check_password(password)


def _signs(webhook_secret: str, *, at: datetime) -> bool:
    """Say whether a message signed with the secret would be taken in."""
    body, timestamp = b"{}", str(int(at.timestamp()))
    try:
        signature = sign_webhook(secret=webhook_secret, webhook_id="check", timestamp=timestamp, body=body)
    except ValueError:
        return False
    message = SignedRequest(
        source=WEBHOOK_SOURCE, webhook_id="check", timestamp=timestamp, signatures=signature, body=body
    )
    return authenticate_webhook(request=message, at=at) is not None


def _make(*, at: datetime) -> dict[str, Any]:
    password = new_password()
    staff = set_up_staff(password=password)
    for key in ApiKey.objects.usable(at=at).filter(name=API_KEY_NAME):
        revoke_api_key(key=key, at=at)
    _key, api_key = create_api_key(name=API_KEY_NAME, grants=list(Grant))
    return {
        "admin": {"username": ADMIN, "password": password},
        "staff": [login.as_json for login in staff],
        "api_key": api_key,
        "webhook_secret": _new_webhook_secret(at=at),
    }


def _new_webhook_secret(*, at: datetime) -> str:
    """Make the source with its secret, or one more secret for it instead of the older one."""
    source = WebhookSource.objects.filter(slug=WEBHOOK_SOURCE).first()
    if source is None:
        return create_webhook_source(slug=WEBHOOK_SOURCE, name="CRM", at=at)[1]
    if source.secrets.filter(ended_at__isnull=True).count() > 1:
        end_older_webhook_secret(source=source, at=at)
    return add_webhook_secret(source=source, at=at)


def _write(file: Path, content: dict[str, Any]) -> None:
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    draft.replace(file)
