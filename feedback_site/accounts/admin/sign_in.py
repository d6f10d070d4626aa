"""How staff sign in: failed attempts to unlock, and the rule of each role."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from feedback_site.accounts.admin.base import ReadOnlyModelAdmin, ScopedModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.enums import Role, SecondFactorRule
from feedback_site.accounts.models import RolePolicy, SignInFailure
from feedback_site.accounts.selectors import is_required_for, locked_until
from feedback_site.accounts.services import change_role_policy, unlock_sign_in
from feedback_site.accounts.services.sign_in_attempts import NO_ACCOUNT
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.client_address import is_device
from feedback_site.common.clock import database_now

# Their pages would show secrets; what administrators do with
# a second factor is an action on a member of staff.
admin.site.unregister([TOTPDevice, StaticDevice])

_RULE_COLOURS = {
    SecondFactorRule.REQUIRED.value: "warning",
    SecondFactorRule.VOLUNTARY.value: "info",
    SecondFactorRule.AS_CONFIGURED.value: "default",
}


@admin.register(SignInFailure)
class SignInFailureAdmin(ReadOnlyModelAdmin):
    list_display = ("who", "address", "failures", "last_at", "state")
    search_fields = ("username", "ip_address")
    ordering = ("-attempt_time",)
    fields = ("who", "address", "program", "failures", "last_at", "state")
    readonly_fields = fields
    actions = ("unlock",)

    def has_unlock_permission(self, request: HttpRequest) -> bool:
        """Return whether the reader may open a colleague's sign-in again."""
        return bool(request.user.has_perm("accounts.change_user"))

    @admin.action(description=_("Unlock the selected names"), permissions=["unlock"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[SignInFailure]) -> None:
        """Forget the wrong passwords for these names."""
        at, names = database_now(), set(queryset.values_list("username", flat=True))
        for name in names:
            unlock_sign_in(username=name, by=request.user, at=at)  # type: ignore[arg-type] # the admin site lets only staff in
        text = ngettext("%(count)d name was unlocked.", "%(count)d names were unlocked.", len(names))
        messages.success(request, text % {"count": len(names)})

    @display(description=_("who"), ordering="username")
    def who(self, failure: SignInFailure) -> Any:
        """The name; what was typed as one and is no person's is not kept."""
        return _("no such account") if failure.username.startswith(NO_ACCOUNT) else failure.username

    @display(description=_("IP address"), ordering="ip_address")
    def address(self, failure: SignInFailure) -> Any:
        """From where: a known device, an address, or of IPv6 a network."""
        return _("known device") if is_device(failure.ip_address) else str(failure.ip_address)

    @display(description=_("program"))
    def program(self, failure: SignInFailure) -> str:
        """What the browser calls itself."""
        return str(failure.user_agent)

    @display(description=_("wrong passwords"), ordering="failures_since_start")
    def failures(self, failure: SignInFailure) -> int:
        """How many since the last right one."""
        return int(failure.failures_since_start)

    @display(description=_("last at"), ordering="attempt_time")
    def last_at(self, failure: SignInFailure) -> datetime:
        """When the last was."""
        moment: datetime = failure.attempt_time
        return moment

    @display(description=_("status"), label={"locked": "danger", "open": "info"})
    def state(self, failure: SignInFailure) -> tuple[str, Any]:
        """Until when this name is closed for this address."""
        until = locked_until(username=failure.username, address=failure.ip_address, at=database_now())
        if until is None:
            return "open", _("not locked")
        return "locked", _("locked until %(time)s") % {"time": date_format(timezone.localtime(until), "H:i")}


@admin.register(RolePolicy)
class RolePolicyAdmin(ScopedModelAdmin):
    list_display = ("role", "second_factor", "in_force")
    ordering = ("role",)
    fields = ("role", "second_factor", "configured")
    readonly_fields = ("role", "configured")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Every role has its rule already."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A rule is changed, never taken away."""
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save through the service."""
        if isinstance(obj, RolePolicy):
            rule = SecondFactorRule(obj.second_factor)
            change_role_policy(
                role=Role(obj.role), second_factor=rule, by=staff_of(request), at=database_now()
            )

    @display(description=_("second factor now"), label=_RULE_COLOURS)
    def in_force(self, policy: RolePolicy) -> tuple[str, Any]:
        """What the rule and the configuration come to."""
        rule = (
            SecondFactorRule.REQUIRED
            if is_required_for(Role(policy.role), policy.second_factor)
            else SecondFactorRule.VOLUNTARY
        )
        return rule.value, rule.label

    @display(description=_("as the site is configured"))
    def configured(self, policy: RolePolicy) -> Any:
        """What the configuration alone says."""
        is_required = policy.role in settings.SECOND_FACTOR_ROLES
        return SecondFactorRule.REQUIRED.label if is_required else SecondFactorRule.VOLUNTARY.label
