"""Changes of who may do what, on record with what was before and what is now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model

from feedback_site.accounts.enums import AccessAction
from feedback_site.accounts.models import ApiKey, User
from feedback_site.accounts.services.access_log import record_access
from feedback_site.common.text_values import Texts

# Said to have changed, but not what they were: the log holds no personal data.
_PERSONAL = frozenset({"first_name", "last_name", "email", "password"})
_HIDDEN = "..."


def state_of(row: Model | None, fields: Sequence[str]) -> dict[str, Any]:
    """Return the fields of a row as the log states them; nothing where there is no row."""
    if row is None or row.pk is None:
        return {}
    return {name: _plain(getattr(row, name)) for name in fields}


def record_change(
    *,
    by: User | ApiKey | None,
    action: AccessAction,
    subject: Model,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    team_id: int | None = None,
    at: datetime,
) -> bool:
    """Put what differs on record and return whether anything does.

    `before` is empty for a new row, `after` for a deleted one.
    """
    names = list({**before, **after})
    if before and after:
        names = [name for name in names if before.get(name) != after.get(name)]
    if not names:
        return False
    record_access(
        actor=by,
        action=action,
        subject_kind=subject._meta.model_name or "",  # noqa: SLF001 - Django's documented API
        subject_id=str(subject.pk),
        team_id=team_id,
        details={"old": _shown(before, names), "new": _shown(after, names)},
        at=at,
    )
    return True


def _shown(state: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any] | None:
    if not state:
        return None
    return {name: _HIDDEN if name in _PERSONAL and state.get(name) else state.get(name) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Texts):
        return dict(value)
    return value if isinstance(value, bool | int | list | None) else str(value)
