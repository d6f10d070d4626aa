"""Labels, choices and help texts in the words of the glossary; the database keeps its shape."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0008_opt_outs_hold_for_contacts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="consent",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("survey", "questionnaire after a service"),
                    ("nps", "NPS survey"),
                    ("visit", "return visit"),
                    ("open", "open questionnaire"),
                ],
                max_length=10,
                verbose_name="purpose",
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="source",
            field=models.CharField(
                help_text="The system or page where the customer agreed or refused.",
                max_length=60,
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="stated_at",
            field=models.DateTimeField(verbose_name="recorded on"),
        ),
        migrations.AlterField(
            model_name="contactrefusal",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("survey", "questionnaire after a service"),
                    ("nps", "NPS survey"),
                    ("visit", "return visit"),
                    ("open", "open questionnaire"),
                ],
                max_length=10,
                verbose_name="purpose",
            ),
        ),
        migrations.AlterField(
            model_name="contactrefusal",
            name="source",
            field=models.CharField(
                help_text="The system or page where the customer agreed or refused.",
                max_length=60,
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="customer",
            name="external_id",
            field=models.CharField(max_length=80, verbose_name="customer number"),
        ),
        migrations.AlterField(
            model_name="customer",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[("zh-hans", "Simplified Chinese"), ("en", "English")],
                help_text="Leave empty for the language of the site.",
                max_length=10,
                verbose_name="language",
            ),
        ),
        migrations.AlterField(
            model_name="segment",
            name="slug",
            field=models.SlugField(max_length=40, unique=True, verbose_name="code"),
        ),
    ]
