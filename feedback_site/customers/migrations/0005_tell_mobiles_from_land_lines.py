from django.db import migrations

from feedback_site.customers.services.normalising import takes_texts
from feedback_site.customers.services.sealing import SealBrokenError, reveal

_BATCH = 1000


def tell_mobiles(apps, schema_editor):
    """State of every phone on record whether it takes texts; one that cannot be opened takes none."""
    customers = apps.get_model("customers", "Customer").objects.using(schema_editor.connection.alias)
    batch = []
    for customer in (
        customers.filter(phone_sealed__isnull=False).only("phone_sealed").iterator(chunk_size=_BATCH)
    ):
        if _takes_texts(customer):
            batch.append(customer.pk)
        if len(batch) >= _BATCH:
            customers.filter(pk__in=batch).update(phone_takes_texts=True)
            batch = []
    customers.filter(pk__in=batch).update(phone_takes_texts=True)


def _takes_texts(customer):
    try:
        phone = reveal(
            sealed=customer.phone_sealed, table="customers_customer", column="phone", row_id=customer.pk
        )
    except SealBrokenError:
        return False
    return takes_texts(phone)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_phone_takes_texts"),
    ]

    operations = [
        migrations.RunPython(tell_mobiles, migrations.RunPython.noop),
    ]
