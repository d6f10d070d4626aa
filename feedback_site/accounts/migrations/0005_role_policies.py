"""Each role has a sign-in rule to edit; all of them follow the site's configuration at first."""

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


def create_policies(apps, schema_editor):
    """Create one rule a role."""
    policy = apps.get_model("accounts", "RolePolicy")
    for role in ROLES:
        policy.objects.get_or_create(role=role)


def delete_policies(apps, schema_editor):
    """Remove the rules: their table goes next."""
    apps.get_model("accounts", "RolePolicy").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_staff_access")]
    operations = [migrations.RunPython(create_policies, delete_policies)]
