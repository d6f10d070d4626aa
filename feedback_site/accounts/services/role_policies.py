"""The sign-in rules of roles."""

from feedback_site.accounts.enums import Role, SecondFactorRule
from feedback_site.accounts.models import RolePolicy


def set_role_policy(*, role: Role, second_factor: SecondFactorRule) -> RolePolicy:
    """State how a role signs in; it holds from each member's next request on."""
    policy, _is_new = RolePolicy.objects.update_or_create(
        role=role, defaults={"second_factor": second_factor}
    )
    return policy


def add_missing_role_policies() -> None:
    """Give each role a rule to edit; until staff do, it follows the site's configuration."""
    RolePolicy.objects.bulk_create([RolePolicy(role=role) for role in Role.values], ignore_conflicts=True)
