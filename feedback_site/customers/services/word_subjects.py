"""Whose words are sealed.

Each app that keeps some names the kind when it is ready, and how to find a subject within a reader's scope.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from feedback_site.accounts.models import User


@dataclass(frozen=True, slots=True)
class WordSubject:
    """What the words were written about.

    It says whose data it is, how pages call it, where they lead back to, and the names of its fields.
    """

    team_id: int | None
    title: str
    address: str
    labels: Callable[[str], str] = str


Finder = Callable[[User, str], WordSubject | None]
_finders: dict[str, Finder] = {}


def row_key(subject_id: str) -> uuid.UUID:
    """Return the key that an address names; of what is no key, one that no row has."""
    try:
        return uuid.UUID(subject_id)
    except ValueError:
        return uuid.UUID(int=0)


def register_words(kind: str, find: Finder) -> None:
    """Name a kind of subject; call it from `AppConfig.ready`.

    `find` returns None for a subject outside the reader's scope.
    """
    _finders[kind] = find


def find_words(*, kind: str, subject_id: str, by: User) -> WordSubject | None:
    """Return the subject if there is such a one within the scope of `by`."""
    find = _finders.get(kind)
    return find(by, subject_id) if find else None
