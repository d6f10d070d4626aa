"""Opt-outs that stand hold for the contacts of their customers from now on, not for the customer numbers alone."""

from typing import Any

from django.db import migrations

from feedback_site.common.masking import mask_email, mask_phone
from feedback_site.customers.services.contacts import contact_indexes
from feedback_site.customers.services.sealing import SealBrokenError, seal

_MASKS = {"phone": mask_phone, "email": mask_email}


def refuse(apps: Any, _schema_editor: Any) -> None:
    """Write a refusal for each contact of each customer whose latest word on a purpose is no."""
    Consent, Refusal = (apps.get_model("customers", name) for name in ("Consent", "ContactRefusal"))  # noqa: N806 - models
    latest = Consent.objects.order_by("customer_id", "purpose", "-stated_at", "-id").distinct(
        "customer_id", "purpose"
    )
    rows = (
        Consent.objects.filter(pk__in=latest.values("pk"), is_granted=False)
        .select_related("customer")
        .order_by("pk")
    )
    for consent in rows.iterator(chunk_size=500):
        try:
            contacts = contact_indexes(consent.customer)
        except SealBrokenError:
            # A contact that cannot be opened cannot be written to either.
            continue
        made = [_refusal(Refusal, consent, contact) for contact in contacts.values()]
        Refusal.objects.bulk_create(made, ignore_conflicts=True)


def _refusal(model: Any, consent: Any, contact: Any) -> Any:
    row = model(
        purpose=consent.purpose,
        contact_index=contact.current,
        contact_mask=_MASKS[contact.column](contact.value)[:120],
        customer_id=consent.customer_id,
        refused_at=consent.stated_at,
        source=consent.source,
    )
    row.contact_sealed = seal(
        value=contact.value, table="customers_contactrefusal", column="contact", row_id=row.pk
    )
    return row


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0007_refusals_of_contacts"),
    ]

    operations = [
        migrations.RunPython(refuse, migrations.RunPython.noop, elidable=True),
    ]
