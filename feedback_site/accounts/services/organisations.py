"""The settings of the organisation."""

from datetime import datetime

from django.db import transaction

from feedback_site.accounts.enums import AccountAccess
from feedback_site.accounts.models import Organisation, User
from feedback_site.accounts.models.organisation import THE_ROW
from feedback_site.accounts.selectors import forget_organisation
from feedback_site.accounts.services.changes import record_change, state_of
from feedback_site.accounts.services.logos import DrawnLogo, forget_logos, keep_logo


def _settings() -> list[str]:
    return [field.attname for field in Organisation._meta.concrete_fields if not field.primary_key]  # noqa: SLF001 - Django's documented API


@transaction.atomic
def save_organisation(
    *, organisation: Organisation, logo: DrawnLogo | None = None, by: User | None, at: datetime
) -> Organisation:
    """Save the one row, with a new logo if there is one, and put on record what changes.

    The logo before is kept for pages that other processes go on showing for some seconds.
    """
    Organisation.objects.bulk_create([Organisation(pk=THE_ROW)], ignore_conflicts=True)
    present = Organisation.objects.select_for_update().get(pk=THE_ROW)
    before = state_of(present, _settings())
    organisation.pk = THE_ROW
    if logo is not None:
        organisation.logo = keep_logo(logo=logo, at=at)
    organisation.full_clean(validate_unique=False)
    organisation.save(force_update=True)
    forget_logos(but={digest for digest in (organisation.logo_id, present.logo_id) if digest})
    # Now for what follows here, and again when other threads can read what was written.
    forget_organisation()
    transaction.on_commit(forget_organisation)
    # As it is stored: "1" and "1.00" are no change.
    after = state_of(Organisation.objects.get(pk=THE_ROW), _settings())
    record_change(
        by=by, action=AccountAccess.SETTINGS_CHANGED, subject=organisation, before=before, after=after, at=at
    )
    return organisation
