"""The settings of the organisation."""

from datetime import datetime

from django.db import transaction

from feedback_site.accounts.enums import AccountAccess
from feedback_site.accounts.models import Organisation, User
from feedback_site.accounts.models.organisation import THE_ROW
from feedback_site.accounts.selectors import forget_organisation
from feedback_site.accounts.services.changes import record_change, state_of


def _settings() -> list[str]:
    return [field.name for field in Organisation._meta.concrete_fields if not field.primary_key]  # noqa: SLF001 - Django's documented API


@transaction.atomic
def save_organisation(*, organisation: Organisation, by: User | None, at: datetime) -> Organisation:
    """Save the one row, and put on record what it changes."""
    Organisation.objects.bulk_create([Organisation(pk=THE_ROW)], ignore_conflicts=True)
    before = state_of(Organisation.objects.select_for_update().get(pk=THE_ROW), _settings())
    organisation.pk = THE_ROW
    organisation.full_clean(validate_unique=False)
    organisation.save(force_update=True)
    # Now for what follows here, and again when other threads can read what was written.
    forget_organisation()
    transaction.on_commit(forget_organisation)
    # As it is stored: "1" and "1.00" are no change.
    after = state_of(Organisation.objects.get(pk=THE_ROW), _settings())
    record_change(
        by=by, action=AccountAccess.SETTINGS_CHANGED, subject=organisation, before=before, after=after, at=at
    )
    return organisation
