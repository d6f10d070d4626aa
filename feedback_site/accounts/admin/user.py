"""Members of staff."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm

from feedback_site.accounts.admin.base import ScopedModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.enums import Role
from feedback_site.accounts.forms import StaffCreationForm, StaffForm
from feedback_site.accounts.models import User
from feedback_site.accounts.services import assign_role

# What a role may do follows from the role; groups are how Django stores it, not something to edit.
admin.site.unregister(Group)


@admin.register(User)
class StaffAdmin(UserAdmin, ScopedModelAdmin):
    form = StaffForm
    add_form = StaffCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "full_name", "role_label", "team", "is_active", "last_login")
    list_filter = ("role", "team", "is_active")
    list_select_related = ("team",)
    search_fields = ("username", "first_name", "last_name")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("last_name", "first_name", "email", "language")}),
        (_("Role"), {"fields": ("role", "team", "is_active")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "role", "team", "language", "usable_password", "password1", "password2")}),
    )

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save through the service, so that the group follows the role."""
        if isinstance(obj, User):
            assign_role(user=obj, role=Role(obj.role), team=obj.team)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a superuser changes a superuser."""
        may = super().has_change_permission(request, obj)
        return may and not (isinstance(obj, User) and obj.is_superuser and not request.user.is_superuser)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Ours, not that of Django's UserAdmin, which allows more."""
        return ScopedModelAdmin.lookup_allowed(self, lookup, value, request)

    @display(description=_("name"))
    def full_name(self, user: User) -> str:
        """The person's name."""
        return user.get_full_name()

    @display(description=_("role"), ordering="role", label=True)
    def role_label(self, user: User) -> str:
        """The role, as a label."""
        return user.get_role_display()
