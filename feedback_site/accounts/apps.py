from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.enums import AccountAccess
from feedback_site.accounts.rules import register_access_actions


def grant_role_permissions(sender: AppConfig, **_options: Any) -> None:
    """Give the roles' groups the permissions of the app just migrated, and each role a sign-in rule.

    Permissions of an app exist only after its own migrations ran.
    """
    from feedback_site.accounts.services import add_missing_role_policies, sync_role_permissions  # noqa: PLC0415 - models are ready only now

    sync_role_permissions(app_label=sender.label)
    if sender.label == "accounts":
        add_missing_role_policies()


def start_staff_session(request: Any, user: Any, **_options: Any) -> None:
    """Begin the session's limits with the sign-in, and know the device from now on."""
    from feedback_site.accounts.services import start_session  # noqa: PLC0415 - models are ready only now

    start_session(request.session, at=timezone.now())
    request.signed_in_now = user


class AccountsConfig(AppConfig):
    name = "feedback_site.accounts"
    verbose_name = _("Company and access")

    def ready(self) -> None:
        """Keep the roles' groups in step with each app's `permissions.py`, and start sessions at sign-in.

        Name also what is sealed, and say where the company is, which languages staff write in and what its
        pages are headed with.
        """
        from feedback_site.accounts import checks  # noqa: F401, PLC0415 - models are ready only now
        from feedback_site.accounts.models import User  # noqa: PLC0415
        from feedback_site.accounts.selectors import (  # noqa: PLC0415
            stated_brand,
            stated_languages,
            stated_zone_name,
        )
        from feedback_site.common.languages import provide_languages  # noqa: PLC0415
        from feedback_site.common.public_pages import provide_brand  # noqa: PLC0415
        from feedback_site.common.sealing import register_sealed_column  # noqa: PLC0415
        from feedback_site.common.zones import provide_company_zone  # noqa: PLC0415

        register_access_actions(AccountAccess)
        register_sealed_column(User, "phone_sealed", index="phone_index")
        post_migrate.connect(grant_role_permissions, dispatch_uid="accounts.grant_role_permissions")
        provide_brand(stated_brand)
        provide_languages(stated_languages)
        provide_company_zone(stated_zone_name)
        user_logged_in.connect(start_staff_session, dispatch_uid="accounts.start_staff_session")
