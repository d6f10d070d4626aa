"""Labels, choices and help texts in the words of the glossary; the database keeps its shape."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import surveys.models.survey


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0015_labels"),
        ("nps", "0003_campaigns_stand_until_their_field_ends"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="campaignmember",
            options={"verbose_name": "customer on a sampling list", "verbose_name_plural": "sampling list"},
        ),
        migrations.AlterModelOptions(
            name="campaignstratum",
            options={"verbose_name": "group", "verbose_name_plural": "groups"},
        ),
        migrations.AlterField(
            model_name="campaign",
            name="cap_days",
            field=models.PositiveSmallIntegerField(verbose_name="days between invitations"),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="ended on"),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="ended by",
            ),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="closing_cause",
            field=models.CharField(
                blank=True,
                choices=[
                    ("target_reached", "the target was reached"),
                    ("frame_exhausted", "every customer who could be invited was invited"),
                    ("time_over", "the survey period ended"),
                    ("staff", "ended by staff"),
                ],
                max_length=20,
                verbose_name="closed because",
            ),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="field_ends_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="survey period ends at"),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="frame_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="sampling list as of"),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="minimum_per_stratum",
            field=models.PositiveIntegerField(verbose_name="least responses per group"),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="seed",
            field=models.BigIntegerField(verbose_name="draw number"),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="status",
            field=models.CharField(
                choices=[
                    ("prepared", "Prepared"),
                    ("drawing", "Sample is being drawn"),
                    ("drawn", "Drawn, ready to launch"),
                    ("running", "Running"),
                    ("paused", "Paused"),
                    ("reached", "Target reached"),
                    ("exhausted", "All invited"),
                    ("closed", "Ended"),
                    ("cancelled", "Cancelled"),
                ],
                default="prepared",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="campaign",
            name="target_completes",
            field=models.PositiveIntegerField(verbose_name="target of responses"),
        ),
        migrations.AlterField(
            model_name="campaignmember",
            name="dropped",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_consent", "no consent"),
                    ("no_contact", "no contact"),
                    ("suppressed", "do-not-contact entry"),
                    ("frequency_cap", "asked recently"),
                ],
                max_length=15,
                verbose_name="dropped because",
            ),
        ),
        migrations.AlterField(
            model_name="campaignmember",
            name="exclusion",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_consent", "no consent"),
                    ("no_contact", "no contact"),
                    ("suppressed", "do-not-contact entry"),
                    ("frequency_cap", "asked recently"),
                ],
                max_length=15,
                verbose_name="not asked because",
            ),
        ),
        migrations.AlterField(
            model_name="campaignmember",
            name="stratum",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="members",
                to="nps.campaignstratum",
                verbose_name="group",
            ),
        ),
        migrations.AlterField(
            model_name="campaignstratum",
            name="allocated",
            field=models.PositiveIntegerField(verbose_name="responses needed"),
        ),
        migrations.AlterField(
            model_name="campaignstratum",
            name="contactable",
            field=models.PositiveIntegerField(verbose_name="can be invited"),
        ),
        migrations.AlterField(
            model_name="campaignstratum",
            name="frame",
            field=models.PositiveIntegerField(verbose_name="sampling list"),
        ),
        migrations.AlterField(
            model_name="programme",
            name="cap_days",
            field=models.PositiveSmallIntegerField(
                default=90,
                help_text="Minimum number of days between two NPS surveys of the same customer. 0: no limit.",
                verbose_name="days between invitations",
            ),
        ),
        migrations.AlterField(
            model_name="programme",
            name="delivery_channels",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=[("sms", "SMS"), ("email", "Email")], max_length=10),
                default=surveys.models.survey.default_channels,
                help_text="The first channel for which we have a contact is used. If sending fails, the next one is tried.",
                size=None,
                verbose_name="Delivery channels",
            ),
        ),
        migrations.AlterField(
            model_name="programme",
            name="field_days",
            field=models.PositiveSmallIntegerField(
                default=21,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="survey period (days)",
            ),
        ),
        migrations.AlterField(
            model_name="programme",
            name="frame_days",
            field=models.PositiveSmallIntegerField(
                default=90,
                help_text="Which customers are on the sampling list.",
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="served in the last (days)",
            ),
        ),
        migrations.AlterField(
            model_name="programme",
            name="minimum_per_stratum",
            field=models.PositiveIntegerField(
                default=30,
                help_text="So that small groups can be told apart; fewer where there are fewer people.",
                verbose_name="least responses per group",
            ),
        ),
        migrations.AlterField(
            model_name="programme",
            name="slug",
            field=models.SlugField(max_length=60, unique=True, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="programme",
            name="target_completes",
            field=models.PositiveIntegerField(
                default=1000,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="target of responses",
            ),
        ),
        migrations.AlterField(
            model_name="programme",
            name="team",
            field=models.ForeignKey(
                blank=True,
                help_text="Customers of this team and the teams below it. Leave empty for all.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.team",
                verbose_name="team",
            ),
        ),
        migrations.AlterField(
            model_name="programmeevent",
            name="cap_days",
            field=models.PositiveSmallIntegerField(
                default=90,
                help_text="Minimum number of days between two NPS surveys of the same customer. 0: no limit.",
                verbose_name="days between invitations",
            ),
        ),
        migrations.AlterField(
            model_name="programmeevent",
            name="delivery_channels",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=[("sms", "SMS"), ("email", "Email")], max_length=10),
                default=surveys.models.survey.default_channels,
                help_text="The first channel for which we have a contact is used. If sending fails, the next one is tried.",
                size=None,
                verbose_name="Delivery channels",
            ),
        ),
        migrations.AlterField(
            model_name="programmeevent",
            name="field_days",
            field=models.PositiveSmallIntegerField(
                default=21,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="survey period (days)",
            ),
        ),
        migrations.AlterField(
            model_name="programmeevent",
            name="frame_days",
            field=models.PositiveSmallIntegerField(
                default=90,
                help_text="Which customers are on the sampling list.",
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="served in the last (days)",
            ),
        ),
        migrations.AlterField(
            model_name="programmeevent",
            name="minimum_per_stratum",
            field=models.PositiveIntegerField(
                default=30,
                help_text="So that small groups can be told apart; fewer where there are fewer people.",
                verbose_name="least responses per group",
            ),
        ),
        migrations.AlterField(
            model_name="programmeevent",
            name="slug",
            field=models.SlugField(db_index=False, max_length=60, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="programmeevent",
            name="target_completes",
            field=models.PositiveIntegerField(
                default=1000,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="target of responses",
            ),
        ),
        migrations.AlterField(
            model_name="programmeevent",
            name="team",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Customers of this team and the teams below it. Leave empty for all.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.team",
                verbose_name="team",
            ),
        ),
    ]
