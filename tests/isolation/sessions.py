"""Sessions that are read from the database once for all requests of a reader.

`SESSION_ENGINE` names this module.
"""

from copy import deepcopy
from typing import Any

from django.contrib.sessions.backends import db

_read: dict[str, dict[str, Any]] = {}


class SessionStore(db.SessionStore):
    """The product's, except that it is not read again, and that a session once read is not written back.

    Each request is undone anyway.
    """

    @classmethod
    def get_model_class(cls) -> Any:
        """Return the table of the product's sessions."""
        return db.SessionStore.get_model_class()

    def load(self) -> dict[str, Any]:
        """Return a copy, so that no request sees what another put into it."""
        key = self.session_key
        if key not in _read:
            data = super().load()
            if not data:
                return data
            _read[key] = data
        return deepcopy(_read[key])

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Write new sessions only."""
        if must_create or self.session_key not in _read:
            super().save(must_create)


def forget_sessions() -> None:
    """Begin again."""
    _read.clear()
