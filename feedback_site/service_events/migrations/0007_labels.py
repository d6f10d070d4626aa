"""Labels, choices and help texts in the words of the glossary; the database keeps its shape."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0015_labels"),
        ("service_events", "0006_customers_of_a_file"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="serviceeventtransition",
            options={"verbose_name": "later change", "verbose_name_plural": "later changes"},
        ),
        migrations.AlterModelOptions(
            name="servicekind",
            options={"verbose_name": "service type", "verbose_name_plural": "service types"},
        ),
        migrations.AlterField(
            model_name="agent",
            name="code",
            field=models.CharField(max_length=40, verbose_name="staff number"),
        ),
        migrations.AlterField(
            model_name="eventimport",
            name="is_replayed",
            field=models.BooleanField(default=False, verbose_name="historical data"),
        ),
        migrations.AlterField(
            model_name="eventimport",
            name="listed",
            field=models.PositiveIntegerField(default=0, verbose_name="not imported"),
        ),
        migrations.AlterField(
            model_name="eventimport",
            name="status",
            field=models.CharField(
                choices=[
                    ("queued", "Waiting"),
                    ("running", "Running"),
                    ("checked", "Checked"),
                    ("done", "Done"),
                    ("failed", "Import failed"),
                    ("cancelled", "Cancelled"),
                ],
                default="queued",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="servicechannel",
            name="slug",
            field=models.SlugField(max_length=40, unique=True, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="serviceevent",
            name="credited_team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.team",
                verbose_name="counts for team",
            ),
        ),
        migrations.AlterField(
            model_name="serviceevent",
            name="external_id",
            field=models.CharField(max_length=80, verbose_name="ticket number"),
        ),
        migrations.AlterField(
            model_name="serviceevent",
            name="is_replayed",
            field=models.BooleanField(
                default=False,
                help_text="Historical data: decided in order of time, not counted in “sent within ten minutes”, never sent to customers.",
                verbose_name="historical data",
            ),
        ),
        migrations.AlterField(
            model_name="serviceevent",
            name="opened_at",
            field=models.DateTimeField(verbose_name="registered on"),
        ),
        migrations.AlterField(
            model_name="servicekind",
            name="slug",
            field=models.SlugField(max_length=40, unique=True, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="webhooksource",
            name="default_kind",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="service_events.servicekind",
                verbose_name="service type where none is sent",
            ),
        ),
        migrations.AlterField(
            model_name="webhooksource",
            name="slug",
            field=models.SlugField(
                help_text="Part of the web address, and the source of its service events.",
                max_length=40,
                unique=True,
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="webhooksource",
            name="team",
            field=models.ForeignKey(
                blank=True,
                help_text="May send service events of this team and the teams below it. Leave empty for all teams.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.team",
                verbose_name="team",
            ),
        ),
    ]
