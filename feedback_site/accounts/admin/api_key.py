"""API keys: the clear form is shown once, right after it was made."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feedback_site.accounts.admin.base import ScopedModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.enums import Grant
from feedback_site.accounts.forms import ApiKeyForm
from feedback_site.accounts.models import ApiKey
from feedback_site.accounts.services import create_api_key, end_keys, note_key
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.listing import listed


@admin.register(ApiKey)
class ApiKeyAdmin(ScopedModelAdmin):
    form = ApiKeyForm
    list_display = ("name", "prefix", "granted", "team", "created_at", "state")
    list_filter = ("team",)
    list_select_related = ("team",)
    search_fields = ("name", "prefix")
    actions = ("revoke",)
    ordering = ("-created_at",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keys are made and revoked, never changed: what a system may do is what it was given."""
        return super().has_change_permission(request, obj) and obj is None

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Revoked keys stay on record."""
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Make the key by its service and show it this once."""
        data = form.cleaned_data
        key, clear = create_api_key(
            name=data["name"],
            grants=[Grant(grant) for grant in data["grants"]],
            team=data["team"],
            sources=data["sources"],
            expires_at=data["expires_at"],
        )
        obj.pk = key.pk
        note_key(key=key, by=staff_of(request), at=database_now())
        messages.warning(request, _("Copy this key now, it is not shown again: %(key)s") % {"key": clear})

    @admin.action(description=_("Revoke the selected keys"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        """End the keys at once."""
        count = end_keys(keys=list(queryset), by=request.user, at=database_now())  # type: ignore[arg-type] # the admin site lets only staff in
        text = ngettext("%(count)d key was revoked.", "%(count)d keys were revoked.", count)
        messages.success(request, text % {"count": count})

    @display(description=_("grants"))
    def granted(self, key: ApiKey) -> str:
        """The grants, as the API names them."""
        return listed(key.grants)

    @display(description=_("state"), label={"usable": "success", "revoked": "danger", "expired": "warning"})
    def state(self, key: ApiKey) -> tuple[str, Any]:
        """Whether the key still works."""
        if key.revoked_at:
            return "revoked", _("revoked")
        if key.expires_at and key.expires_at <= database_now():
            return "expired", _("expired")
        return "usable", _("usable")
