"""Archiving a questionnaire that nothing asks with any more, and taking it back."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.exceptions import ConflictError
from feedback_site.common.listing import listed
from feedback_site.questionnaires.models import Questionnaire

# What asks with a questionnaire at a moment: rows with `for_user`. Apps above register their own.
UsersOf = Callable[[int, datetime], QuerySet[Any]]
_users: list[UsersOf] = []


def register_users(find: UsersOf) -> None:
    """Let an app above say which of its rows use a questionnaire (id, moment)."""
    if find not in _users:
        _users.append(find)


@transaction.atomic
def archive_questionnaire(*, questionnaire: Questionnaire, by: User, at: datetime) -> Questionnaire:
    """Take a questionnaire out of lists and choices.

    Raises ConflictError naming what still asks with it, as far as `by` may see that.
    """
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if locked.archived_at is not None:
        return locked
    uses = list(_uses(locked.pk, by, at))
    if uses:
        raise ConflictError(
            _("This questionnaire is in use: %(uses)s. End that first.") % {"uses": listed(uses)},
            {"uses": uses},
        )
    locked.archived_at = at
    locked.save(update_fields=["archived_at", "updated_at"])
    return locked


@transaction.atomic
def restore_questionnaire(*, questionnaire: Questionnaire) -> Questionnaire:
    """Take an archived questionnaire back into lists and choices."""
    locked = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    locked.archived_at = None
    locked.save(update_fields=["archived_at", "updated_at"])
    return locked


def _uses(questionnaire_id: int, by: User, at: datetime) -> Iterator[str]:
    for find in _users:
        rows: Any = find(questionnaire_id, at)
        visible = {row.pk: row for row in rows.for_user(by)}
        yield from (f"{row._meta.verbose_name} “{row}”" for row in visible.values())  # noqa: SLF001 - Django's documented API
        if rows.exclude(pk__in=visible).exists():
            yield _("something of another team")
