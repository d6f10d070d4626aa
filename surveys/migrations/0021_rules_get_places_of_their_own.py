"""Rules that share a position get one each, in the order in which they were tried: which rule asks stays as it was."""

from django.db import migrations

RENUMBER = """
    UPDATE surveys_survey SET position = place.number
    FROM (SELECT id, row_number() OVER (ORDER BY position, id) AS number FROM surveys_survey) AS place
    WHERE place.id = surveys_survey.id AND surveys_survey.position <> place.number
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0020_fee_check")]

    operations = [migrations.RunSQL(RENUMBER, migrations.RunSQL.noop)]
