"""Seeing a contact in clear is a permission of its own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="customer",
            options={
                "permissions": [("reveal_contact", "Can see a customer's contact in clear")],
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
            },
        ),
    ]
