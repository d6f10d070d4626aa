"""Wrong passwords, as django-axes counts them."""

from typing import Self

from axes.models import AccessAttempt
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models.principal import Principal
from feedback_site.accounts.models.user import User


class SignInFailureQuerySet(models.QuerySet["SignInFailure"]):
    def for_user(self, principal: Principal) -> Self:
        """Return the failures of the colleagues whom `principal` may see.

        Names without an account are shown to those who see all teams.
        """
        if principal.data_scope is DataScope.ALL:
            return self.all()
        return self.filter(username__in=User.objects.for_user(principal).values("username"))


class SignInFailure(AccessAttempt):
    """Wrong passwords for one name from one address and program since the last right one."""

    objects = SignInFailureQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = _("failed sign-in")
        verbose_name_plural = _("failed sign-ins")

    def __str__(self) -> str:
        return f"{self.username} {self.ip_address}"
