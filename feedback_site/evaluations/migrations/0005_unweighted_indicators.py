"""Every installation measures NPS and verified resolution, without a weight in the after-sales scheme."""

from django.db import migrations

from feedback_site.evaluations.rules.after_sales import DIMENSIONS, UNWEIGHTED_INDICATORS


def load(apps, schema_editor):
    """Create the indicators, and their dimensions where staff have removed them."""
    dimension, indicator = (
        apps.get_model("evaluations", "Dimension"),
        apps.get_model("evaluations", "Indicator"),
    )
    dimensions = {row["slug"]: row for row in DIMENSIONS}
    for row in UNWEIGHTED_INDICATORS:
        slug = row["dimension"]
        own, _is_new = dimension.objects.get_or_create(slug=slug, defaults=dimensions[slug])
        indicator.objects.get_or_create(slug=row["slug"], defaults={**row, "dimension": own})


def remove(apps, schema_editor):
    """Remove them; whatever has been measured protects its indicator."""
    slugs = [row["slug"] for row in UNWEIGHTED_INDICATORS]
    apps.get_model("evaluations", "Indicator").objects.filter(slug__in=slugs).delete()


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0004_points_and_return_visits")]
    operations = [migrations.RunPython(load, remove)]
