"""Every installation starts with the holidays that are published."""

from chinese_calendar import constants
from django.db import migrations


def load(apps, schema_editor):
    """Create the published holidays and make-up workdays."""
    calendar_day = apps.get_model("visits", "CalendarDay")
    calendar_day.objects.bulk_create(
        calendar_day(date=day, is_working=is_working, name=name, source="published")
        for days, is_working in ((constants.holidays, False), (constants.workdays, True))
        for day, name in days.items()
    )


def remove(apps, schema_editor):
    """Remove them; what staff stated stays."""
    apps.get_model("visits", "CalendarDay").objects.filter(source="published").delete()


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]
    operations = [migrations.RunPython(load, remove)]
