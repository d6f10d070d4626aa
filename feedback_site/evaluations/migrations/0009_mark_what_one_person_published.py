"""Records published before two persons were asked for say by whom they were: they are frozen, so the trigger rests meanwhile."""

from django.db import migrations

_TABLE = "evaluations_evaluationrecord"
_MARK = f"""
    UPDATE {_TABLE} SET is_by_one_person = true
    WHERE status = 'published' AND (reviewed_by_id IS NULL OR reviewed_by_id = published_by_id)
"""  # noqa: S608 - constant text


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0008_by_one_person")]

    operations = [
        migrations.RunSQL(
            [
                f"ALTER TABLE {_TABLE} DISABLE TRIGGER USER",
                _MARK,
                f"ALTER TABLE {_TABLE} ENABLE TRIGGER USER",
            ],
            migrations.RunSQL.noop,
        )
    ]
