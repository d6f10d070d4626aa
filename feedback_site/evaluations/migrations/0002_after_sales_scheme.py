"""Every installation starts with the six dimensions and the after-sales scheme."""

from django.db import migrations

from feedback_site.evaluations.rules.after_sales import DIMENSIONS, INDICATORS, SCHEME


def load(apps, schema_editor):
    """Create the dimensions, indicators and weights."""
    dimension, indicator, scheme, item = _models(apps)
    dimensions = {row["slug"]: dimension.objects.create(**row) for row in DIMENSIONS}
    after_sales = scheme.objects.create(**SCHEME)
    for position, row in enumerate(INDICATORS, start=1):
        fields = {name: value for name, value in row.items() if name not in {"weight", "dimension"}}
        created = indicator.objects.create(dimension=dimensions[row["dimension"]], **fields)
        item.objects.create(scheme=after_sales, indicator=created, weight=row["weight"], position=position)


def remove(apps, schema_editor):
    """Remove them; whatever has been measured protects its indicator."""
    dimension, indicator, scheme, _item = _models(apps)
    scheme.objects.filter(slug=SCHEME["slug"]).delete()
    indicator.objects.filter(slug__in=[row["slug"] for row in INDICATORS]).delete()
    dimension.objects.filter(slug__in=[row["slug"] for row in DIMENSIONS]).delete()


def _models(apps):
    names = ("Dimension", "Indicator", "EvaluationScheme", "SchemeItem")
    return tuple(apps.get_model("evaluations", name) for name in names)


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_initial")]
    operations = [migrations.RunPython(load, remove)]
