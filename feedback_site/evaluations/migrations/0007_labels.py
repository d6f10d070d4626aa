"""Labels, choices and help texts in the words of the glossary; the database keeps its shape."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0006_customer_indicators"),
    ]

    operations = [
        migrations.AlterField(
            model_name="dimension",
            name="slug",
            field=models.SlugField(max_length=40, unique=True, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="evaluationrecord",
            name="grade",
            field=models.CharField(
                blank=True,
                choices=[
                    ("excellent", "Excellent"),
                    ("good", "Good"),
                    ("qualified", "Acceptable"),
                    ("to_improve", "Needs improvement"),
                    ("unqualified", "Below standard"),
                ],
                max_length=12,
                verbose_name="grade",
            ),
        ),
        migrations.AlterField(
            model_name="evaluationrecord",
            name="weight_covered",
            field=models.DecimalField(
                decimal_places=2, default=0, max_digits=5, verbose_name="weight with data (%)"
            ),
        ),
        migrations.AlterField(
            model_name="evaluationscheme",
            name="least_weight_covered",
            field=models.DecimalField(
                decimal_places=2,
                default=80,
                help_text="Below this percentage of weight with data, a record gets no grade.",
                max_digits=5,
                verbose_name="least weight with data (%)",
            ),
        ),
        migrations.AlterField(
            model_name="evaluationscheme",
            name="slug",
            field=models.SlugField(max_length=60, unique=True, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="evaluationschemeevent",
            name="least_weight_covered",
            field=models.DecimalField(
                decimal_places=2,
                default=80,
                help_text="Below this percentage of weight with data, a record gets no grade.",
                max_digits=5,
                verbose_name="least weight with data (%)",
            ),
        ),
        migrations.AlterField(
            model_name="evaluationschemeevent",
            name="slug",
            field=models.SlugField(db_index=False, max_length=60, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="indicator",
            name="slug",
            field=models.SlugField(max_length=60, unique=True, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="indicator",
            name="source",
            field=models.CharField(
                choices=[
                    ("survey", "Survey"),
                    ("case_log", "Service event log"),
                    ("call_centre", "Call centre"),
                    ("spot_check", "Spot check"),
                    ("crm", "CRM and customer confirmation"),
                    ("return_visit", "Return visits"),
                ],
                max_length=20,
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="indicatorevent",
            name="slug",
            field=models.SlugField(db_index=False, max_length=60, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="indicatorevent",
            name="source",
            field=models.CharField(
                choices=[
                    ("survey", "Survey"),
                    ("case_log", "Service event log"),
                    ("call_centre", "Call centre"),
                    ("spot_check", "Spot check"),
                    ("crm", "CRM and customer confirmation"),
                    ("return_visit", "Return visits"),
                ],
                max_length=20,
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="measurement",
            name="source",
            field=models.CharField(
                choices=[
                    ("survey", "Survey"),
                    ("case_log", "Service event log"),
                    ("call_centre", "Call centre"),
                    ("spot_check", "Spot check"),
                    ("crm", "CRM and customer confirmation"),
                    ("return_visit", "Return visits"),
                ],
                max_length=20,
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="recordline",
            name="value",
            field=models.DecimalField(decimal_places=4, max_digits=12, null=True, verbose_name="result"),
        ),
    ]
