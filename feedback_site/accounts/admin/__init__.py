from feedback_site.accounts.admin.api_key import ApiKeyAdmin
from feedback_site.accounts.admin.base import ReadOnlyModelAdmin, ScopedModelAdmin, ScopedStackedInline, ScopedTabularInline
from feedback_site.accounts.admin.team import TeamAdmin
from feedback_site.accounts.admin.user import StaffAdmin

__all__ = [
    "ApiKeyAdmin",
    "ReadOnlyModelAdmin",
    "ScopedModelAdmin",
    "ScopedStackedInline",
    "ScopedTabularInline",
    "StaffAdmin",
    "TeamAdmin",
]
