"""How the members of a role sign in."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.enums import Role, SecondFactorRule
from feedback_site.common.constraints import one_of


@pghistory.track()
class RolePolicy(models.Model):
    """One role's rule; a role without a row follows the site's configuration."""

    role = models.CharField(_("role"), max_length=20, choices=Role, unique=True)
    second_factor = models.CharField(
        _("second factor"),
        max_length=20,
        choices=SecondFactorRule,
        default=SecondFactorRule.AS_CONFIGURED,
        help_text=_("Where it is required, members of the role set it up at their next click."),
    )

    class Meta:
        verbose_name = _("sign-in rule")
        verbose_name_plural = _("sign-in rules")
        constraints = [
            one_of("role", Role, name="is_of_a_known_role"),
            one_of("second_factor", SecondFactorRule, name="has_a_known_second_factor_rule"),
        ]

    def __str__(self) -> str:
        return self.get_role_display()
