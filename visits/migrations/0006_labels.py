"""Labels, choices and help texts in the words of the glossary; the database keeps its shape."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0015_labels"),
        ("service_events", "0007_labels"),
        ("surveys", "0018_labels"),
        ("visits", "0005_call_backs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="visitattempt",
            options={"verbose_name": "contact attempt", "verbose_name_plural": "contact attempts"},
        ),
        migrations.AlterField(
            model_name="calendarday",
            name="source",
            field=models.CharField(
                choices=[("published", "published holiday calendar"), ("staff", "staff")],
                default="staff",
                editable=False,
                max_length=10,
                verbose_name="recorded by",
            ),
        ),
        migrations.AlterField(
            model_name="calendardayevent",
            name="source",
            field=models.CharField(
                choices=[("published", "published holiday calendar"), ("staff", "staff")],
                default="staff",
                editable=False,
                max_length=10,
                verbose_name="recorded by",
            ),
        ),
        migrations.AlterField(
            model_name="escalation",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="closed on"),
        ),
        migrations.AlterField(
            model_name="escalation",
            name="deadline_at",
            field=models.DateTimeField(verbose_name="solve by"),
        ),
        migrations.AlterField(
            model_name="escalation",
            name="opened_at",
            field=models.DateTimeField(verbose_name="escalated on"),
        ),
        migrations.AlterField(
            model_name="escalation",
            name="status",
            field=models.CharField(
                choices=[
                    ("open", "Open"),
                    ("verified", "Verified: resolved"),
                    ("closed", "Closed without verification"),
                ],
                default="open",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="returnvisit",
            name="agent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="service_events.agent",
                verbose_name="agent",
            ),
        ),
        migrations.AlterField(
            model_name="returnvisit",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="ended on"),
        ),
        migrations.AlterField(
            model_name="returnvisit",
            name="credited_team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.team",
                verbose_name="counts for team",
            ),
        ),
        migrations.AlterField(
            model_name="returnvisit",
            name="due_at",
            field=models.DateTimeField(verbose_name="due date"),
        ),
        migrations.AlterField(
            model_name="returnvisit",
            name="held_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="in contact",
            ),
        ),
        migrations.AlterField(
            model_name="returnvisit",
            name="invitation",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="return_visit",
                to="surveys.invitation",
                verbose_name="call script",
            ),
        ),
        migrations.AlterField(
            model_name="returnvisit",
            name="mode",
            field=models.CharField(
                choices=[("phone", "by phone"), ("on_site", "on site")],
                max_length=10,
                verbose_name="contact method",
            ),
        ),
        migrations.AlterField(
            model_name="returnvisit",
            name="status",
            field=models.CharField(
                choices=[("open", "To do"), ("closed", "Ended")],
                default="open",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="returnvisit",
            name="trigger",
            field=models.CharField(
                choices=[
                    ("complaint_closed", "complaint closed"),
                    ("complex_case", "complex service event completed"),
                    ("low_score", "low score"),
                    ("detractor", "NPS detractor"),
                    ("call_back", "asked to be called"),
                    ("improvement", "improvement to verify"),
                ],
                max_length=20,
                verbose_name="trigger",
            ),
        ),
        migrations.AlterField(
            model_name="visitplan",
            name="max_attempts",
            field=models.PositiveSmallIntegerField(
                default=3,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(3),
                ],
                verbose_name="attempts allowed",
            ),
        ),
        migrations.AlterField(
            model_name="visitplan",
            name="mode",
            field=models.CharField(
                choices=[("phone", "by phone"), ("on_site", "on site")],
                default="phone",
                max_length=10,
                verbose_name="contact method",
            ),
        ),
        migrations.AlterField(
            model_name="visitplan",
            name="questionnaire",
            field=models.ForeignKey(
                help_text="Questions that the caller asks and fills in.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="surveys.questionnaire",
                verbose_name="call script",
            ),
        ),
        migrations.AlterField(
            model_name="visitplan",
            name="retry_hours",
            field=models.PositiveSmallIntegerField(
                default=4,
                help_text="Working hours until the next attempt when the customer did not answer.",
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="try again after (working hours)",
            ),
        ),
        migrations.AlterField(
            model_name="visitplan",
            name="slug",
            field=models.SlugField(max_length=60, unique=True, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="visitplan",
            name="team",
            field=models.ForeignKey(
                blank=True,
                help_text="For service events of this team and the teams below it; comes before a shared plan. Leave empty to share it with the whole company.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.team",
                verbose_name="team",
            ),
        ),
        migrations.AlterField(
            model_name="visitplan",
            name="trigger",
            field=models.CharField(
                choices=[
                    ("complaint_closed", "complaint closed"),
                    ("complex_case", "complex service event completed"),
                    ("low_score", "low score"),
                    ("detractor", "NPS detractor"),
                    ("call_back", "asked to be called"),
                    ("improvement", "improvement to verify"),
                ],
                max_length=20,
                verbose_name="trigger",
            ),
        ),
        migrations.AlterField(
            model_name="visitplan",
            name="wait_hours",
            field=models.PositiveSmallIntegerField(
                default=4,
                help_text="The customer needs time to see whether the problem is really solved.",
                verbose_name="earliest after (working hours)",
            ),
        ),
        migrations.AlterField(
            model_name="visitplanevent",
            name="max_attempts",
            field=models.PositiveSmallIntegerField(
                default=3,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(3),
                ],
                verbose_name="attempts allowed",
            ),
        ),
        migrations.AlterField(
            model_name="visitplanevent",
            name="mode",
            field=models.CharField(
                choices=[("phone", "by phone"), ("on_site", "on site")],
                default="phone",
                max_length=10,
                verbose_name="contact method",
            ),
        ),
        migrations.AlterField(
            model_name="visitplanevent",
            name="questionnaire",
            field=models.ForeignKey(
                db_constraint=False,
                help_text="Questions that the caller asks and fills in.",
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="surveys.questionnaire",
                verbose_name="call script",
            ),
        ),
        migrations.AlterField(
            model_name="visitplanevent",
            name="retry_hours",
            field=models.PositiveSmallIntegerField(
                default=4,
                help_text="Working hours until the next attempt when the customer did not answer.",
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="try again after (working hours)",
            ),
        ),
        migrations.AlterField(
            model_name="visitplanevent",
            name="slug",
            field=models.SlugField(db_index=False, max_length=60, verbose_name="code"),
        ),
        migrations.AlterField(
            model_name="visitplanevent",
            name="team",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="For service events of this team and the teams below it; comes before a shared plan. Leave empty to share it with the whole company.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="accounts.team",
                verbose_name="team",
            ),
        ),
        migrations.AlterField(
            model_name="visitplanevent",
            name="trigger",
            field=models.CharField(
                choices=[
                    ("complaint_closed", "complaint closed"),
                    ("complex_case", "complex service event completed"),
                    ("low_score", "low score"),
                    ("detractor", "NPS detractor"),
                    ("call_back", "asked to be called"),
                    ("improvement", "improvement to verify"),
                ],
                max_length=20,
                verbose_name="trigger",
            ),
        ),
        migrations.AlterField(
            model_name="visitplanevent",
            name="wait_hours",
            field=models.PositiveSmallIntegerField(
                default=4,
                help_text="The customer needs time to see whether the problem is really solved.",
                verbose_name="earliest after (working hours)",
            ),
        ),
        migrations.AlterField(
            model_name="visitsource",
            name="kind",
            field=models.CharField(
                choices=[
                    ("complaint_closed", "complaint closed"),
                    ("complex_case", "complex service event completed"),
                    ("low_score", "low score"),
                    ("detractor", "NPS detractor"),
                    ("call_back", "asked to be called"),
                    ("improvement", "improvement to verify"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
    ]
