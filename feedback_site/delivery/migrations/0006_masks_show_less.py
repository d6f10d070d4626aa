"""Masks that are stored show less, and no longer how long the value is."""

from django.db import migrations

_SHORTER = """
UPDATE {table} SET address_mask = CASE
    WHEN channel = 'sms' AND address_mask ~ '[0-9]{{2}}$' THEN '****' || right(address_mask, 2)
    WHEN channel = 'sms' THEN '****'
    WHEN address_mask ~ '@' THEN left(address_mask, 1) || '***@***' || coalesce(substring(address_mask FROM '@.*(\\.[^.]*)$'), '')
    ELSE address_mask
END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("delivery", "0005_labels"),
    ]

    operations = [
        migrations.RunSQL(_SHORTER.format(table=table), migrations.RunSQL.noop, elidable=True)
        for table in ("delivery_suppression", "delivery_suppressionevent")
    ]
