"""Rules that a team owns: read by those below it too, changed within the owner's own branch only."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse

from feedback_site.accounts.admin.base import ScopedModelAdmin
from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.models import OwnedQuerySet, User
from feedback_site.accounts.services.signed_in import staff_of

OWNER = "team"


class OwnedModelAdmin(ScopedModelAdmin):
    """The base for rows with an `OwnedQuerySet`.

    Shared rows are changed only by staff who see all teams.
    """

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the reader may change such rows; of one row, whether their teams own it."""
        return super().has_change_permission(request) and (obj is None or self._is_theirs(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return whether the reader may delete such rows; of one row, whether their teams own it."""
        return super().has_delete_permission(request) and (obj is None or self._is_theirs(request, obj))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Show who changed the row, to readers who may see those colleagues."""
        if not self._is_theirs(request, object_id):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Offer the reader's own team as the owner."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        return {OWNER: staff_of(request).team_id, **initial}

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Ask staff who see some teams for an owner among them.

        A part is added to a whole only by staff who may change the whole.
        """
        user = staff_of(request)
        if db_field.name == self._owner_path[0] and db_field.name != OWNER:
            whole = cast("OwnedQuerySet[Any]", db_field.remote_field.model.objects.all())
            kwargs["queryset"] = whole.changeable_by(user)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == OWNER:
            field.required = user.data_scope is not DataScope.ALL
        return field

    @property
    def _owner_path(self) -> list[str]:
        """The fields that lead to the owner: `team`, or the whole that has one."""
        return self._rows().team_lookup.removesuffix("_id").split("__")

    def _is_theirs(self, request: HttpRequest, obj: Any) -> bool:
        """Ask the database, which knows the owner as it is stored; Unfold hands over keys, Django rows."""
        key = obj.pk if isinstance(obj, Model) else obj
        if not isinstance(request.user, User):
            return False
        try:
            changeable: QuerySet[Any] = self._rows().changeable_by(request.user).filter(pk=key)
        except (ValueError, ValidationError):
            return False
        return changeable.exists()

    def _rows(self) -> OwnedQuerySet[Any]:
        return cast("OwnedQuerySet[Any]", self.model._default_manager.all())  # noqa: SLF001 - Django's documented API
