"""Ids by which other systems know members of staff."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.enums import ExternalIdProvider
from feedback_site.accounts.models.user import User
from feedback_site.common.constraints import one_of


class UserExternalId(models.Model):
    """The id of a member of staff at one provider, whose ids differ by more than capitals."""

    user = models.ForeignKey(
        User, verbose_name=_("member of staff"), on_delete=models.CASCADE, related_name="external_ids"
    )
    provider = models.CharField(_("provider"), max_length=20, choices=ExternalIdProvider)
    value = models.CharField(_("ID"), max_length=64)

    class Meta:
        verbose_name = _("external ID of a member of staff")
        verbose_name_plural = _("external IDs of staff")
        constraints = [
            one_of("provider", ExternalIdProvider, name="is_of_a_known_provider"),
            models.UniqueConstraint("provider", Lower("value"), name="%(class)s_names_one_person"),
            models.UniqueConstraint(fields=["user", "provider"], name="%(class)s_is_one_per_provider"),
            models.CheckConstraint(condition=~models.Q(value=""), name="%(class)s_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_provider_display()}: {self.value}"
