"""Intervals state both ends and a value, timed indicators a rubric, and no line leaves a published record."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_roles"),
        ("evaluations", "0002_after_sales_scheme"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="recordline",
            name="published_is_frozen",
        ),
        migrations.RemoveConstraint(
            model_name="measurement",
            name="measurement_interval_holds_the_value",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recordline",
            trigger=pgtrigger.compiler.Trigger(
                name="published_is_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF EXISTS (SELECT 1 FROM evaluations_evaluationrecord WHERE id IN (NEW.record_id, OLD.record_id) AND status = 'published') THEN RAISE EXCEPTION 'a published evaluation record is frozen' USING ERRCODE = 'restrict_violation'; END IF;IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;",
                    hash="149db6c90aafd1b29f63b9b2e8dfce8a1b810a8e",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_published_is_frozen_e64da",
                    table="evaluations_recordline",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("unit__in", ["hours", "minutes"]), _negated=True),
                    models.Q(("rubric", []), _negated=True),
                    _connector="OR",
                ),
                name="indicator_timed_has_a_rubric",
            ),
        ),
        migrations.AddConstraint(
            model_name="measurement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("high__isnull", True), ("low__isnull", True)),
                    models.Q(
                        ("high__gte", models.F("value")),
                        ("high__isnull", False),
                        ("low__isnull", False),
                        ("low__lte", models.F("value")),
                        ("value__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="measurement_interval_holds_the_value",
            ),
        ),
    ]
