"""How members of staff are known outside: their sealed phone and their ids at other systems.

Every change is on record with the old and the new value, masked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.enums import AccountAccess, ExternalIdProvider
from feedback_site.accounts.exceptions import TooManyPhonesError
from feedback_site.accounts.models import AccessLogEntry, User, UserExternalId
from feedback_site.accounts.rules import may_be_external_id
from feedback_site.accounts.services.access_log import actor_name, record_access
from feedback_site.accounts.services.account_changes import refuse_to_change
from feedback_site.common.exceptions import ConflictError, DomainError
from feedback_site.common.masking import mask_name, mask_phone
from feedback_site.common.sealing import contact_index, seal

OWN_PHONES_A_DAY = 3
_TABLE: str = User._meta.db_table  # noqa: SLF001 - Django's documented API
# What changed, by name: the mask of the old value and of the new one.
Changes = dict[str, tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class StaffContacts:
    """What staff state: an empty text removes what is on record, None and an absent provider leave it."""

    phone: str | None = field(default=None, repr=False)
    external_ids: Mapping[ExternalIdProvider, str] = field(default_factory=dict)


@transaction.atomic
def change_staff_contacts(*, user: User, contacts: StaffContacts, by: User, at: datetime) -> Changes:
    """Give a member of staff this phone and these ids, on record, and return what changed.

    Raises `NotYoursToChangeError` for a superuser's account, `ConflictError` for the id of
    another member of staff, `TooManyPhonesError` where staff state a phone of their own too often,
    `DomainError` for what is no phone or no id.
    """
    refuse_to_change(user=user, by=by)
    locked = User.objects.select_for_update(no_key=True, of=("self",)).get(pk=user.pk)
    changes: Changes = {}
    if contacts.phone is not None:
        changes |= _change_phone(locked, contacts.phone)
        if changes and by.pk == user.pk:
            _refuse_many_phones(by, at=at)
    changes |= _change_external_ids(locked, contacts.external_ids)
    if changes:
        record_access(
            actor=by,
            action=AccountAccess.ACCOUNT_CHANGED,
            subject_kind="user",
            subject_id=str(user.pk),
            team_id=locked.team_id,
            details={
                "old": {name: old for name, (old, _new) in changes.items()},
                "new": {name: new for name, (_old, new) in changes.items()},
            },
            at=at,
        )
    return changes


def _refuse_many_phones(by: User, *, at: datetime) -> None:
    """Let staff change their own phone a few times a day, under the lock of their row.

    Events are marked where a phone is on record of staff: stating one number after
    another would be a search for contacts without its limit.
    """
    changes = AccessLogEntry.objects.filter(
        actor=actor_name(by),
        action=AccountAccess.ACCOUNT_CHANGED,
        subject_id=str(by.pk),
        details__new__has_key="phone",
        at__gt=at - timedelta(days=1),
    )
    if changes.count() >= OWN_PHONES_A_DAY:
        raise TooManyPhonesError(
            _("You have changed your phone several times today. Try again tomorrow, or ask an administrator.")
        )


def _change_phone(user: User, phone: str) -> Changes:
    """Seal the phone to the person's row; two phones that look alike when masked are still two."""
    stated = contact_index(column="phone", value=phone) if phone else None
    known = None if user.phone_index is None else bytes(user.phone_index)
    if known in (stated.known_as if stated else (None,)):
        return {}
    before = user.phone_mask
    user.phone_sealed = (
        seal(value=stated.value, table=_TABLE, column="phone", row_id=user.pk) if stated else None
    )
    user.phone_index = stated.current if stated else None
    user.phone_mask = mask_phone(stated.value) if stated else ""
    user.save(update_fields=["phone_sealed", "phone_index", "phone_mask"])
    return {"phone": (before, user.phone_mask)}


def _change_external_ids(user: User, stated: Mapping[ExternalIdProvider, str]) -> Changes:
    known = dict(user.external_ids.values_list("provider", "value"))
    changed = {
        provider: value for provider, value in stated.items() if value != known.get(provider.value, "")
    }
    for provider, value in changed.items():
        _state_external_id(user, provider, value)
    return {
        provider.value: (mask_name(known.get(provider.value, "")), mask_name(value))
        for provider, value in changed.items()
    }


def _state_external_id(user: User, provider: ExternalIdProvider, value: str) -> None:
    if not value:
        user.external_ids.filter(provider=provider).delete()
        return
    if not may_be_external_id(provider, value):
        raise DomainError(
            _("This is not an account of %(provider)s.") % {"provider": provider.label},
            {"field": provider.value},
        )
    try:
        with transaction.atomic():
            UserExternalId.objects.update_or_create(user=user, provider=provider, defaults={"value": value})
    except IntegrityError as error:
        raise ConflictError(
            _("Another member of staff has this account of %(provider)s.") % {"provider": provider.label},
            {"field": provider.value},
        ) from error
