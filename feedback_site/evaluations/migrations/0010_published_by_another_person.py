from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0009_mark_what_one_person_published"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="evaluationrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    ("is_by_one_person", True),
                    models.Q(
                        ("reviewed_by__isnull", False),
                        models.Q(("reviewed_by", models.F("published_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="evaluationrecord_published_by_another_person",
            ),
        ),
    ]
