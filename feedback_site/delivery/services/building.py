"""What a message says: asked of the app that the message is about, at the moment of sending."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog
from django.conf import settings

from feedback_site.accounts.enums import Role
from feedback_site.accounts.models import User
from feedback_site.common.redaction import TOKEN_IN_PATH
from feedback_site.delivery.channels import Envelope, Void
from feedback_site.delivery.models import Message

logger = structlog.get_logger(__name__)

Content = Envelope | Void
Builder = Callable[[Sequence[Message], datetime], Mapping[uuid.UUID, Content]]
LastLook = Callable[[Sequence[Message], datetime], Mapping[uuid.UUID, str]]

PREVIEW_TOKEN = "preview"  # noqa: S105 - stands where a secret would
_builders: dict[str, Builder] = {}
_last_looks: dict[str, LastLook] = {}


def register_builder(subject_kind: str, builder: Builder, *, last_look: LastLook | None = None) -> None:
    """Let `builder` build the messages about `subject_kind`.

    `builder(messages, at)` returns content by message id. The last one registered wins.

    `last_look(messages, at)` is asked when their handing over is on record as begun, and returns by
    id in one word why some must not go out after all: between building and sending things happen.
    """
    _builders[subject_kind] = builder
    if last_look is None:
        _last_looks.pop(subject_kind, None)
    else:
        _last_looks[subject_kind] = last_look


def obstacles_now(messages: Sequence[Message], *, at: datetime) -> dict[uuid.UUID, str]:
    """Return by message id why it must not go out after all. One call per kind of subject."""
    found: dict[uuid.UUID, str] = {}
    for kind in {message.subject_kind for message in messages} & _last_looks.keys():
        found |= _last_looks[kind]([message for message in messages if message.subject_kind == kind], at)
    return found


def build_contents(messages: Sequence[Message], *, at: datetime) -> dict[uuid.UUID, Content]:
    """Return content by message id.

    A message that could not be built is absent, and logged by its id only.
    """
    by_kind: defaultdict[str, list[Message]] = defaultdict(list)
    for message in messages:
        by_kind[message.subject_kind].append(message)
    contents: dict[uuid.UUID, Content] = {}
    for kind, of_kind in by_kind.items():
        contents.update(_build(kind, of_kind, at))
    return contents


def shows_live_links(reader: User) -> bool:
    """Return whether `reader` sees customers' links: administrators do, and in the demo only.

    Others could answer as customers.
    """
    return settings.SHOW_LIVE_LINKS and (reader.is_superuser or reader.role == Role.ADMINISTRATOR)


def preview(message: Message, *, reader: User, at: datetime) -> Content | None:
    """Return what the customer gets, or None when it cannot be built.

    Links are replaced by a preview's unless `shows_live_links`.
    """
    content = build_contents([message], at=at).get(message.id)
    if not isinstance(content, Envelope) or shows_live_links(reader):
        return content
    return Envelope(
        address=content.address,
        language=content.language,
        subject=_without_tokens(content.subject),
        text=_without_tokens(content.text),
        html=_without_tokens(content.html),
        fallback=content.fallback,
    )


def _without_tokens(text: str) -> str:
    return TOKEN_IN_PATH.sub(rf"\g<1>{PREVIEW_TOKEN}", text)


def _build(kind: str, messages: Sequence[Message], at: datetime) -> Mapping[uuid.UUID, Content]:
    builder = _builders.get(kind)
    if builder is None:
        logger.error("message_without_builder", subject_kind=kind, count=len(messages))
        return {}
    try:
        return builder(messages, at)
    except Exception as error:  # noqa: BLE001 - one message that cannot be built must not hold up the others
        if len(messages) > 1:
            return {
                key: content for message in messages for key, content in _build(kind, [message], at).items()
            }
        logger.error("message_not_built", message_id=str(messages[0].id), error=type(error).__name__)  # noqa: TRY400 - no traceback with data
        return {}
