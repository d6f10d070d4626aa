"""Leave room in each page of invitations, so that marking one answered touches no index (heap-only update)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE surveys_invitation SET (fillfactor = 80)",
            "ALTER TABLE surveys_invitation RESET (fillfactor)",
        ),
    ]
