from feedback_site.accounts.admin.access_log import AccessLogEntryAdmin
from feedback_site.accounts.admin.api_key import ApiKeyAdmin
from feedback_site.accounts.admin.base import (
    ReadOnlyModelAdmin,
    ScopedModelAdmin,
    ScopedTabularInline,
)
from feedback_site.accounts.admin.organisation import OrganisationAdmin
from feedback_site.accounts.admin.owned import OwnedModelAdmin
from feedback_site.accounts.admin.sign_in import RolePolicyAdmin, SignInFailureAdmin
from feedback_site.accounts.admin.team import TeamAdmin
from feedback_site.accounts.admin.user import StaffAdmin

__all__ = [
    "AccessLogEntryAdmin",
    "ApiKeyAdmin",
    "OrganisationAdmin",
    "OwnedModelAdmin",
    "ReadOnlyModelAdmin",
    "RolePolicyAdmin",
    "ScopedModelAdmin",
    "ScopedTabularInline",
    "SignInFailureAdmin",
    "StaffAdmin",
    "TeamAdmin",
]
