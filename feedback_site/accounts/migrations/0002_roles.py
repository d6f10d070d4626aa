"""Each role is a group of the same name; their permissions follow from `accounts.permissions` after every migrate."""

from django.db import migrations

ROLES = [
    "service_team",
    "support_team",
    "survey_staff",
    "analyst",
    "quality_management",
    "management",
    "assessor",
    "administrator",
]


def create_groups(apps, schema_editor):
    """Create one group a role."""
    group = apps.get_model("auth", "Group")
    for role in ROLES:
        group.objects.get_or_create(name=role)


def delete_groups(apps, schema_editor):
    """Remove the roles' groups."""
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(create_groups, delete_groups)]
