"""Voided invitations by time: what the sweep looks through for events that were completed again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_roles"),
        ("customers", "0001_initial"),
        ("service_events", "0002_idempotency_key"),
        ("surveys", "0002_room_for_answers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                condition=models.Q(("voided_at__isnull", False)),
                fields=["voided_at"],
                name="invitation_voided_last",
            ),
        ),
    ]
