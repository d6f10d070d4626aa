"""How staff sign in: rules of roles, failed sign-ins, ended sessions; and an index for the limit on looks at contacts."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_access_log"),
        ("axes", "0010_accessattemptexpiration"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="RolePolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("service_team", "Service team"),
                            ("support_team", "Support team"),
                            ("survey_staff", "Survey staff"),
                            ("analyst", "Analyst"),
                            ("quality_management", "Quality management"),
                            ("management", "Management"),
                            ("assessor", "Third-party assessor"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=20,
                        unique=True,
                        verbose_name="role",
                    ),
                ),
                (
                    "second_factor",
                    models.CharField(
                        choices=[
                            ("as_configured", "as the site is configured"),
                            ("required", "obligatory"),
                            ("voluntary", "voluntary"),
                        ],
                        default="as_configured",
                        help_text="Where it is required, members of the role set it up at their next click.",
                        max_length=20,
                        verbose_name="second factor",
                    ),
                ),
            ],
            options={
                "verbose_name": "sign-in rule",
                "verbose_name_plural": "sign-in rules",
            },
        ),
        migrations.CreateModel(
            name="RolePolicyEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("service_team", "Service team"),
                            ("support_team", "Support team"),
                            ("survey_staff", "Survey staff"),
                            ("analyst", "Analyst"),
                            ("quality_management", "Quality management"),
                            ("management", "Management"),
                            ("assessor", "Third-party assessor"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "second_factor",
                    models.CharField(
                        choices=[
                            ("as_configured", "as the site is configured"),
                            ("required", "obligatory"),
                            ("voluntary", "voluntary"),
                        ],
                        default="as_configured",
                        help_text="Where it is required, members of the role set it up at their next click.",
                        max_length=20,
                        verbose_name="second factor",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SignInFailure",
            fields=[],
            options={
                "verbose_name": "failed sign-in",
                "verbose_name_plural": "failed sign-ins",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("axes.accessattempt",),
        ),
        migrations.RemoveConstraint(
            model_name="accesslogentry",
            name="accesslogentry_has_a_known_action",
        ),
        migrations.AddField(
            model_name="user",
            name="session_generation",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="accesslogentry",
            name="action",
            field=models.CharField(
                choices=[
                    ("contact_revealed", "contact revealed"),
                    ("exported", "rows exported"),
                    ("downloaded", "export downloaded"),
                    ("factor_changed", "second factor changed"),
                    ("unlocked", "sign-in unlocked"),
                    ("signed_out", "signed out everywhere"),
                ],
                max_length=20,
                verbose_name="action",
            ),
        ),
        migrations.AddIndex(
            model_name="accesslogentry",
            index=models.Index(
                condition=models.Q(("action", "contact_revealed")),
                fields=["actor", "-at"],
                name="accesslog_latest_looks",
            ),
        ),
        migrations.AddConstraint(
            model_name="accesslogentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "action__in",
                        [
                            "contact_revealed",
                            "exported",
                            "downloaded",
                            "factor_changed",
                            "unlocked",
                            "signed_out",
                        ],
                    )
                ),
                name="accesslogentry_has_a_known_action",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolepolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "service_team",
                            "support_team",
                            "survey_staff",
                            "analyst",
                            "quality_management",
                            "management",
                            "assessor",
                            "administrator",
                        ],
                    )
                ),
                name="rolepolicy_is_of_a_known_role",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolepolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("second_factor__in", ["as_configured", "required", "voluntary"])),
                name="rolepolicy_has_a_known_second_factor_rule",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolepolicy",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "accounts_rolepolicyevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "second_factor") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."role", NEW."second_factor"); RETURN NULL;',
                    hash="c2621987734d97518ee42e49cc356a3a76a35a16",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_93eda",
                    table="accounts_rolepolicy",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolepolicy",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "accounts_rolepolicyevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "second_factor") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."second_factor"); RETURN NULL;',
                    hash="dbf677016ef31eaf826e3410338f5f275e1012ba",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f1549",
                    table="accounts_rolepolicy",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="rolepolicyevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="rolepolicyevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="accounts.rolepolicy",
            ),
        ),
    ]
