"""Labels, choices and help texts in the words of the glossary; the database keeps its shape."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_seal_the_access_log_with_a_key"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="organisation",
            options={"verbose_name": "company settings", "verbose_name_plural": "company settings"},
        ),
        migrations.AlterField(
            model_name="accesslogentry",
            name="action",
            field=models.CharField(
                choices=[
                    ("contact_revealed", "contact revealed"),
                    ("searched", "contact searched for"),
                    ("preferences", "customer's preferences recorded"),
                    ("file_opened", "customer's file opened"),
                    ("words_opened", "masked words opened"),
                    ("exported", "rows exported"),
                    ("downloaded", "export downloaded"),
                    ("imported", "events imported"),
                    ("link_shown", "customer's link shown on site"),
                    ("filled_in", "questionnaire filled in for a customer"),
                    ("factor_changed", "second factor changed"),
                    ("unlocked", "sign-in unlocked"),
                    ("signed_out", "signed out everywhere"),
                    ("many_links", "very many links shown on site"),
                    ("account_changed", "staff account changed"),
                    ("team_changed", "team changed"),
                    ("key_changed", "API key changed"),
                    ("rule_changed", "sign-in rule changed"),
                    ("webhook_changed", "webhook source or secret changed"),
                    ("settings_changed", "company settings changed"),
                ],
                max_length=20,
                verbose_name="action",
            ),
        ),
        migrations.AlterField(
            model_name="accesslogentry",
            name="subject_kind",
            field=models.CharField(max_length=40, verbose_name="subject"),
        ),
        migrations.AlterField(
            model_name="apikey",
            name="team",
            field=models.ForeignKey(
                blank=True,
                help_text="Sees this team and the teams below it. Leave empty for all teams.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="api_keys",
                to="accounts.team",
                verbose_name="team",
            ),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="on_site_counting",
            field=models.CharField(
                choices=[
                    ("beside", "shown separately"),
                    ("confirmed", "those that the customer confirmed count toward the main figures"),
                    ("all", "all of them count toward the main figures"),
                ],
                default="beside",
                help_text="Whether responses through a code that staff show count toward the main figures. Applies to responses from now on.",
                max_length=20,
                verbose_name="responses given on site",
            ),
        ),
        migrations.AlterField(
            model_name="organisationevent",
            name="on_site_counting",
            field=models.CharField(
                choices=[
                    ("beside", "shown separately"),
                    ("confirmed", "those that the customer confirmed count toward the main figures"),
                    ("all", "all of them count toward the main figures"),
                ],
                default="beside",
                help_text="Whether responses through a code that staff show count toward the main figures. Applies to responses from now on.",
                max_length=20,
                verbose_name="responses given on site",
            ),
        ),
        migrations.AlterField(
            model_name="team",
            name="code",
            field=models.SlugField(
                help_text="Code of this team in the service systems.",
                max_length=40,
                unique=True,
                verbose_name="code",
            ),
        ),
        migrations.AlterField(
            model_name="teamevent",
            name="code",
            field=models.SlugField(
                db_index=False,
                help_text="Code of this team in the service systems.",
                max_length=40,
                verbose_name="code",
            ),
        ),
    ]
