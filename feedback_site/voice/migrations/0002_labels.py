"""Labels, choices and help texts in the words of the glossary; the database keeps its shape."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0015_labels"),
        ("voice", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="voicedesk",
            options={"verbose_name": "intake team", "verbose_name_plural": "intake team"},
        ),
        migrations.AlterModelOptions(
            name="voiceentry",
            options={"verbose_name": "customer message", "verbose_name_plural": "customer messages"},
        ),
        migrations.AlterField(
            model_name="publishedchange",
            name="entry",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="voice.voiceentry",
                verbose_name="customer message",
            ),
        ),
        migrations.AlterField(
            model_name="publishedchangeevent",
            name="entry",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="voice.voiceentry",
                verbose_name="customer message",
            ),
        ),
        migrations.AlterField(
            model_name="voicedesk",
            name="team",
            field=models.ForeignKey(
                help_text="New customer messages go to this team, which can hand them over.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.team",
                verbose_name="team",
            ),
        ),
        migrations.AlterField(
            model_name="voicedeskevent",
            name="team",
            field=models.ForeignKey(
                db_constraint=False,
                help_text="New customer messages go to this team, which can hand them over.",
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.team",
                verbose_name="team",
            ),
        ),
        migrations.AlterField(
            model_name="voiceentry",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="closed on"),
        ),
        migrations.AlterField(
            model_name="voicestep",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="steps",
                to="voice.voiceentry",
                verbose_name="customer message",
            ),
        ),
    ]
