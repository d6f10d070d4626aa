"""Names the schema that all apps begin with: a database that began with another one holds another name here,
and `migrate` says so before it changes anything.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("common", "0001_initial")]
    operations = []
