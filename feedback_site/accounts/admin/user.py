"""Members of staff."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.forms import AdminPasswordChangeForm

from feedback_site.accounts.admin.base import ScopedModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.exceptions import NotYoursToChangeError
from feedback_site.accounts.forms import EXTERNAL_ID_FIELDS, StaffCreationForm, StaffForm
from feedback_site.accounts.models import User
from feedback_site.accounts.services import (
    change_staff_contacts,
    delete_account,
    note_password,
    reset_second_factor,
    save_account,
    sign_out_everywhere,
)
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import ConflictError
from feedback_site.common.listing import listed

# What a role may do follows from the role; groups are how Django stores it, not something to edit.
admin.site.unregister(Group)


@admin.register(User)
class StaffAdmin(UserAdmin, ScopedModelAdmin):
    form = StaffForm
    add_form = StaffCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "full_name", "role_label", "team", "second_factor", "is_active", "last_login")
    list_filter = ("role", "team", "is_active")
    list_select_related = ("team",)
    search_fields = ("username", "first_name", "last_name", "=external_ids__value")
    search_help_text = _("User name, name, or the whole account of another system such as WeCom.")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("phone_mask", "external_accounts", "second_factor", "last_login", "date_joined")
    actions = ("reset_second_factor", "sign_out")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("last_name", "first_name", "email", "language")}),
        (
            _("Phone and other accounts"),
            {"fields": ("phone_mask", ("phone", "removes_phone"), "external_accounts", "wecom_id")},
        ),
        (_("Role"), {"fields": ("role", "team", "is_active", "second_factor")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "username",
                    "role",
                    "team",
                    "language",
                    "usable_password",
                    "password1",
                    "password2",
                ),
            },
        ),
    )

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save through the service, so that the group follows the role."""
        if isinstance(obj, User):
            with _refusals_shown():
                self._save(obj, form, staff_of(request), database_now(), is_known=change)

    @transaction.atomic
    def _save(self, user: User, form: Any, by: User, at: datetime, *, is_known: bool) -> None:
        save_account(user=user, by=by, at=at)
        if is_known:
            change_staff_contacts(user=user, contacts=form.contacts(), by=by, at=at)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete through the service."""
        with _refusals_shown():
            delete_account(user=obj, by=staff_of(request), at=database_now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete each through the service: all of them, or none."""
        with transaction.atomic():
            for user in queryset:
                self.delete_model(request, user)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 - Django's word
        """Set a password, on record."""
        known = (
            User.objects.filter(pk=id).only("password").first() if id.isascii() and id.isdecimal() else None
        )
        with transaction.atomic():
            response: HttpResponse = super().user_change_password(request, id, form_url)
            now = User.objects.filter(pk=known.pk).first() if known else None
            if known is not None and now is not None and now.password != known.password:
                note_password(user=now, by=staff_of(request), at=database_now())
        return response

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out what is typed, for readers who may not change the person."""
        sections = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return sections
        return [(title, {**options, "fields": _shown(options["fields"])}) for title, options in sections]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep what staff may not change of themselves."""
        own = ("role", "team", "is_active") if obj is not None and obj.pk == request.user.pk else ()
        return (*super().get_readonly_fields(request, obj), *own)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a superuser changes a superuser."""
        may = super().has_change_permission(request, obj)
        return may and not (isinstance(obj, User) and obj.is_superuser and not request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a superuser deletes a superuser, and staff never delete their own account."""
        may = super().has_delete_permission(request, obj)
        return may and not (
            isinstance(obj, User)
            and (obj.pk == request.user.pk or (obj.is_superuser and not request.user.is_superuser))
        )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the colleagues within scope with whether each has a second factor."""
        colleagues: Any = super().get_queryset(request)
        return colleagues.with_second_factor()

    @admin.action(description=_("Reset the second factor (phone lost)"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Take the second factor of the selected away and end their sessions."""
        at, chosen = database_now(), self._changeable(request, queryset)
        for user in chosen:
            reset_second_factor(user=user, by=request.user, at=at)  # type: ignore[arg-type] # the admin site lets only staff in
        text = ngettext(
            "The second factor of %(count)d person was reset.",
            "The second factor of %(count)d people was reset.",
            len(chosen),
        )
        messages.success(request, text % {"count": len(chosen)})

    @admin.action(description=_("Sign out everywhere"), permissions=["change"])
    def sign_out(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """End every session of the selected."""
        at, chosen = database_now(), self._changeable(request, queryset)
        for user in chosen:
            sign_out_everywhere(user=user, by=request.user, at=at)  # type: ignore[arg-type] # the admin site lets only staff in
        text = ngettext(
            "%(count)d person was signed out everywhere.",
            "%(count)d people were signed out everywhere.",
            len(chosen),
        )
        messages.success(request, text % {"count": len(chosen)})

    def _changeable(self, request: HttpRequest, queryset: QuerySet[User]) -> list[User]:
        return [user for user in queryset if self.has_change_permission(request, user)]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Ours, not that of Django's UserAdmin, which allows more."""
        return ScopedModelAdmin.lookup_allowed(self, lookup, value, request)

    @display(description=_("name"))
    def full_name(self, user: User) -> str:
        """The person's name."""
        return user.get_full_name()

    @display(description=_("external IDs"))
    def external_accounts(self, user: User) -> str:
        """The accounts on record at other systems."""
        return listed(str(row) for row in user.external_ids.order_by("provider")) or "-"

    @display(description=_("role"), ordering="role", label=True)
    def role_label(self, user: User) -> str:
        """The role, as a label."""
        return user.get_role_display()

    @display(description=_("second factor"), boolean=True)
    def second_factor(self, user: Any) -> bool:
        """Whether an authenticator app is set up."""
        return bool(getattr(user, "has_second_factor", False))


@contextmanager
def _refusals_shown() -> Iterator[None]:
    """Answer what the service refuses as what it is.

    Not this reader's to change, or, where two readers save at the same moment, another person's.
    """
    try:
        yield
    except (NotYoursToChangeError, ConflictError) as error:
        raise PermissionDenied(str(error.message)) from error


def _shown(fields: Sequence[Any]) -> list[Any]:
    typed = {"phone", "removes_phone", *EXTERNAL_ID_FIELDS.values()}
    return [field for field in fields if not typed & {field, *(field if isinstance(field, tuple) else ())}]
