from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def grant_role_permissions(sender: AppConfig, **_options: Any) -> None:
    """Give the roles' groups the permissions of the app just migrated: permissions exist only after its migrations."""
    from feedback_site.accounts.services import sync_role_permissions  # noqa: PLC0415 - models are ready only now

    sync_role_permissions(app_label=sender.label)


class AccountsConfig(AppConfig):
    name = "feedback_site.accounts"
    verbose_name = _("Organisation")

    def ready(self) -> None:
        """Keep the groups of the roles in step with `permissions.ROLE_PERMISSIONS`."""
        post_migrate.connect(grant_role_permissions, dispatch_uid="accounts.grant_role_permissions")
