"""Sessions of staff: how long they last, and how all of them end at once."""

from datetime import datetime
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from feedback_site.accounts.enums import AccountAccess
from feedback_site.accounts.models import User
from feedback_site.accounts.services.access_log import record_access

_STARTED, _SEEN = "staff_started", "staff_seen"
# Written at most this often: a session that is in use costs a statement a minute.
_SEEN_EVERY_SECONDS = 60


def start_session(session: Any, *, at: datetime) -> None:
    """Begin both limits of a session: how long it may be idle, and how long it lasts."""
    session[_STARTED] = session[_SEEN] = int(at.timestamp())


def continue_session(session: Any, *, at: datetime) -> bool:
    """Return whether the session still holds, and note that it is in use."""
    now = int(at.timestamp())
    if _STARTED not in session:
        start_session(session, at=at)
    if (
        now - session[_SEEN] > settings.STAFF_IDLE_SECONDS
        or now - session[_STARTED] > settings.STAFF_SESSION_SECONDS
    ):
        return False
    if now - session[_SEEN] >= _SEEN_EVERY_SECONDS:
        session[_SEEN] = now
    return True


def forget_ended_sign_ins(*, at: datetime) -> int:
    """Delete sessions that are over and wrong passwords that no longer count; return how many of both."""
    sessions, _models = Session.objects.filter(expire_date__lt=at).delete()
    failures, _models = AccessAttempt.objects.filter(
        attempt_time__lt=at - settings.AXES_COOLOFF_TIME
    ).delete()
    return int(sessions + failures)


@transaction.atomic
def sign_out_everywhere(*, user: User, by: User, at: datetime) -> User:
    """End every session of `user`; who did so is on record."""
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    user.refresh_from_db(fields=["session_generation"])
    record_access(
        actor=by,
        action=AccountAccess.SIGNED_OUT,
        subject_kind="user",
        subject_id=str(user.pk),
        team_id=user.team_id,
        details={},
        at=at,
    )
    return user
