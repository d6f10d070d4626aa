"""Bugs on purpose: each takes away one of the things that hold the promises up.

In the processes of a planted site, and nowhere else.
"""

import threading
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from types import SimpleNamespace
from typing import Any

# What is done to the database before the site starts.
STATEMENTS = {
    "unique-key-dropped": [
        "ALTER TABLE service_events_serviceevent DROP CONSTRAINT serviceevent_is_recorded_once_per_source",
        "ALTER TABLE surveys_response DROP CONSTRAINT surveys_response_pkey CASCADE",
    ],
    "synchronous-commit-off": ["ALTER DATABASE feedback_site SET synchronous_commit = off"],
    "lease-fencing-off": [
        "ALTER TABLE delivery_messageattempt DROP CONSTRAINT messageattempt_is_recorded_once_per_lease"
    ],
}
_COMMIT_SECONDS = 0.15
# The package exports a function of the same name.
_VIEW = "surveys.views.questionnaire"
_WRITER = "surveys.services.responses.collecting"


def plant(name: str) -> None:
    """Take one thing away.

    Raises LookupError when it is not where it was: the plant must follow the product.
    """
    if name not in STATEMENTS | PLANTS:
        raise LookupError(name)
    PLANTS.get(name, lambda: None)()


def _check_then_insert() -> None:
    """Look first and write after: two who look at one moment are both thanked."""
    from django.db import transaction  # noqa: PLC0415 - only where it is planted

    from feedback_site.common.clock import database_now  # noqa: PLC0415
    from surveys.models import Invitation, PendingTally, Response  # noqa: PLC0415
    from surveys.services.responses.answering import Outcome, Receipt  # noqa: PLC0415
    from surveys.services.responses.hashing import hash_answers  # noqa: PLC0415

    def submit(one: Any, at: Any) -> Any:
        key = (
            one.invitation_id
            if one.form is None
            else Invitation.objects.get(token_hash=one.form.token_hash).pk
        )
        at = at or database_now()
        first = Response.objects.filter(pk=key).first()
        if first is not None:
            is_same = bytes(first.answers_hash) == hash_answers(one.answers)
            return Receipt(Outcome.REPEATED if is_same else Outcome.DIFFERENT, first.submitted_at)
        row = Response(
            invitation_id=key,
            answers=dict(one.answers),
            answers_hash=hash_answers(one.answers),
            satisfaction=one.satisfaction,
            nps=one.nps,
            language=one.language,
            mode=one.mode,
            submitted_at=at,
        )
        with transaction.atomic():
            Response.objects.bulk_create([row], ignore_conflicts=True)
            PendingTally.objects.bulk_create([PendingTally(response_id=key)], ignore_conflicts=True)
            Invitation.objects.filter(pk=key).update(answered_at=at)
        return Receipt(Outcome.ACCEPTED, at)

    def submit_all(batch: Sequence[Any], *, at: Any) -> list[Any]:
        return [submit(one, at) for one in batch]

    _replace(import_module(_WRITER), "submit_responses", submit_all)


def _ack_before_commit() -> None:
    """Say thank you, and write in a moment."""
    from django.db import connection  # noqa: PLC0415

    from feedback_site.common.clock import database_now  # noqa: PLC0415
    from surveys.services.responses.answering import Outcome, Receipt  # noqa: PLC0415

    writer = import_module(_WRITER)
    submit = writer.submit_responses

    def later(batch: Sequence[Any], at: Any) -> None:
        time.sleep(_COMMIT_SECONDS)
        try:
            submit(batch, at=at)
        finally:
            connection.close()

    def acknowledge(batch: Sequence[Any], *, at: Any) -> list[Any]:
        threading.Thread(target=later, args=(batch, at), daemon=True).start()
        return [Receipt(Outcome.ACCEPTED, at or database_now()) for _ in batch]

    _replace(writer, "submit_responses", acknowledge)


def _lease_fencing_off() -> None:
    """Let a worker write about messages that were taken from it."""
    from feedback_site.delivery.services import recording  # noqa: PLC0415

    fence = " AND message.lease_id = new.lease_id AND message.status = 'sending'"
    if fence not in recording._RECORD:
        raise LookupError(fence)
    recording._RECORD = recording._RECORD.replace(fence, "")


def _tick_off() -> None:
    """Trust the bell."""
    from config.celery import app  # noqa: PLC0415

    app.conf.beat_schedule = {
        name: entry
        for name, entry in app.conf.beat_schedule.items()
        if not isinstance(entry["schedule"], float)
    }


def _publish_before_commit() -> None:
    """Ring while the rows are still being written, which takes a moment."""
    from feedback_site.common import doorbell  # noqa: PLC0415

    def at_once(send: Callable[[], None], **_options: Any) -> None:
        send()
        time.sleep(_COMMIT_SECONDS)

    _replace(doorbell, "transaction", SimpleNamespace(on_commit=at_once))


def _scope_off_in_a_form() -> None:
    """Offer, and accept, every team's rows in the forms of staff."""
    from feedback_site.accounts.admin.base import _Scope  # noqa: PLC0415

    def everybody(self: Any, db_field: Any, request: Any, **options: Any) -> Any:
        return super(_Scope, self).formfield_for_foreignkey(db_field, request, **options)

    _replace(_Scope, "formfield_for_foreignkey", everybody)


def _get_submits() -> None:
    """Take the answers that an address carries."""

    view = import_module(_VIEW)
    count = view._count

    def submit_too(visit: Any) -> None:
        count(visit)
        questions = visit.questionnaire.questions
        fields = {question.key: [visit.request.asked(question.key)] for question in questions}
        read = view.Walk([questions], fields).read
        if not read.errors:
            view._submit(visit, read)

    _replace(view, "_count", submit_too)


def _escaping_off() -> None:
    """Put what customers wrote into pages as it is."""
    from django.template import Context  # noqa: PLC0415
    from django.template.loader import get_template  # noqa: PLC0415

    from feedback_site.common.public_pages import pages  # noqa: PLC0415

    def render(name: str, context: dict[str, Any] | None = None) -> str:
        return get_template(name).template.render(Context(context or {}, autoescape=False))

    _replace(pages, "render_to_string", render)


def _bodies_in_a_slot() -> None:
    """Read bodies where the application does, while the request has its slot."""
    from contextlib import nullcontext  # noqa: PLC0415

    _replace(
        import_module("feedback_site.operations.bodies"),
        "read_first",
        lambda _environ, _readers: nullcontext(),
    )


def _replace(owner: Any, name: str, value: Any) -> None:
    if not hasattr(owner, name):
        raise LookupError(name)
    setattr(owner, name, value)


PLANTS: dict[str, Callable[[], None]] = {
    "check-then-insert": _check_then_insert,
    "ack-before-commit": _ack_before_commit,
    "lease-fencing-off": _lease_fencing_off,
    "tick-off": _tick_off,
    "publish-before-commit": _publish_before_commit,
    "scope-off-in-a-form": _scope_off_in_a_form,
    "get-submits": _get_submits,
    "escaping-off": _escaping_off,
    "bodies-in-a-slot": _bodies_in_a_slot,
}
