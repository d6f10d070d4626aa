"""Labels, choices and help texts in the words of the glossary; the database keeps its shape."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0007_labels"),
        ("improvements", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="improvementaction",
            name="measure",
            field=models.TextField(max_length=2000, verbose_name="action"),
        ),
        migrations.AlterField(
            model_name="improvementaction",
            name="proof_kind",
            field=models.CharField(
                choices=[("visit", "return visit"), ("measurement", "later measurement")],
                max_length=15,
                verbose_name="verified by",
            ),
        ),
        migrations.AlterField(
            model_name="improvementaction",
            name="proof_measurement",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evaluations.measurement",
                verbose_name="verification",
            ),
        ),
        migrations.AlterField(
            model_name="improvementaction",
            name="proved_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="verified at"),
        ),
        migrations.AlterField(
            model_name="improvementaction",
            name="standard_value",
            field=models.DecimalField(
                blank=True,
                decimal_places=3,
                help_text="For a later measurement: reach this figure or better.",
                max_digits=10,
                null=True,
                verbose_name="target",
            ),
        ),
        migrations.AlterField(
            model_name="improvementaction",
            name="status",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("done", "Done, not verified yet"),
                    ("proved", "Verified"),
                    ("failed", "Did not work"),
                ],
                default="planned",
                editable=False,
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="improvementactionevent",
            name="measure",
            field=models.TextField(max_length=2000, verbose_name="action"),
        ),
        migrations.AlterField(
            model_name="improvementactionevent",
            name="proof_kind",
            field=models.CharField(
                choices=[("visit", "return visit"), ("measurement", "later measurement")],
                max_length=15,
                verbose_name="verified by",
            ),
        ),
        migrations.AlterField(
            model_name="improvementactionevent",
            name="proof_measurement",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="evaluations.measurement",
                verbose_name="verification",
            ),
        ),
        migrations.AlterField(
            model_name="improvementactionevent",
            name="proved_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="verified at"),
        ),
        migrations.AlterField(
            model_name="improvementactionevent",
            name="standard_value",
            field=models.DecimalField(
                blank=True,
                decimal_places=3,
                help_text="For a later measurement: reach this figure or better.",
                max_digits=10,
                null=True,
                verbose_name="target",
            ),
        ),
        migrations.AlterField(
            model_name="improvementactionevent",
            name="status",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("done", "Done, not verified yet"),
                    ("proved", "Verified"),
                    ("failed", "Did not work"),
                ],
                default="planned",
                editable=False,
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="problem",
            name="closed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="closed on"),
        ),
        migrations.AlterField(
            model_name="problem",
            name="closing_reason",
            field=models.CharField(
                blank=True,
                choices=[("proved", "improvement verified"), ("withdrawn", "not a problem")],
                editable=False,
                max_length=20,
                verbose_name="closed because",
            ),
        ),
        migrations.AlterField(
            model_name="problem",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="due date"),
        ),
        migrations.AlterField(
            model_name="problem",
            name="opened_at",
            field=models.DateTimeField(editable=False, verbose_name="raised on"),
        ),
        migrations.AlterField(
            model_name="problem",
            name="source",
            field=models.CharField(
                choices=[
                    ("weak_indicator", "weak indicator"),
                    ("escalation", "escalation"),
                    ("manual", "raised by staff"),
                ],
                default="manual",
                editable=False,
                max_length=20,
                verbose_name="opened by",
            ),
        ),
        migrations.AlterField(
            model_name="problemevent",
            name="closed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="closed on"),
        ),
        migrations.AlterField(
            model_name="problemevent",
            name="closing_reason",
            field=models.CharField(
                blank=True,
                choices=[("proved", "improvement verified"), ("withdrawn", "not a problem")],
                editable=False,
                max_length=20,
                verbose_name="closed because",
            ),
        ),
        migrations.AlterField(
            model_name="problemevent",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="due date"),
        ),
        migrations.AlterField(
            model_name="problemevent",
            name="opened_at",
            field=models.DateTimeField(editable=False, verbose_name="raised on"),
        ),
        migrations.AlterField(
            model_name="problemevent",
            name="source",
            field=models.CharField(
                choices=[
                    ("weak_indicator", "weak indicator"),
                    ("escalation", "escalation"),
                    ("manual", "raised by staff"),
                ],
                default="manual",
                editable=False,
                max_length=20,
                verbose_name="opened by",
            ),
        ),
    ]
