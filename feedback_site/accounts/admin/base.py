"""The base of every staff page: rows, choices, filters, search and actions within the reader's scope."""

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet, TimeField
from django.forms import ModelChoiceField, ModelMultipleChoiceField, TimeInput
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import DATETIME_CLASSES

from feedback_site.accounts.admin.list_parameters import CheckedChangeList, WrongParametersError, without
from feedback_site.accounts.admin.scope import scoped
from feedback_site.accounts.admin.technical import fold_technical
from feedback_site.accounts.enums import DataScope
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.text_forms import source_of_slug

if TYPE_CHECKING:
    # The mixin stands before ModelAdmin or an inline; both share these methods.
    _Base = BaseModelAdmin
else:
    _Base = object


# What filters put after the name of their field: Django's lookups, and the ends of Unfold's ranges.
_LOOKUP_OF_FILTER = re.compile(r"(__(id|pk))?__(exact|in|isnull|gte?|lte?|year|month|day)|_(from|to)(_[01])?")


class _Scope(_Base):
    """What list pages and inlines share."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows within the reader's scope: every other page of the admin starts from these."""
        return scoped(super().get_queryset(request), request.user)

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Offer, and accept, only rows within the reader's scope."""
        kwargs.setdefault("queryset", scoped(_rows(db_field), request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        """Offer, and accept, only rows within the reader's scope."""
        kwargs.setdefault("queryset", scoped(_rows(db_field), request.user))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def _rows(db_field: Any) -> QuerySet[Any]:
    related: type[Model] = db_field.remote_field.model
    return related._default_manager.all()  # noqa: SLF001 - Django's documented API


class TimeOfDayWidget(TimeInput):
    """A time in the browser's own field. That of the admin warns of the hours between browser and server.

    An opening hour is one of a team's zone, wherever it is written.
    """

    input_type = "time"

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"class": " ".join(DATETIME_CLASSES), **(attrs or {})}, format="%H:%M")


class ScopedModelAdmin(_Scope, ModelAdmin):
    """The base of every ModelAdmin of this site."""

    allowed_lookups: ClassVar[tuple[str, ...]] = ()
    # Fields of the page that stay folded under "Technical details".
    technical_fields: ClassVar[tuple[str, ...]] = ()
    compressed_fields = True
    warn_unsaved_form = True
    list_filter_sheet = False
    list_per_page = 50
    show_full_result_count = False
    formfield_overrides: ClassVar[dict[Any, Any]] = {TimeField: {"widget": TimeOfDayWidget}}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the sections of the page, technical fields folded below them."""
        return fold_technical(super().get_fieldsets(request, obj), self.technical_fields)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow what a filter of the list itself asks by, and `allowed_lookups`.

        A look-up may never walk on to other tables, which could lie outside the reader's scope.
        """
        if lookup in self.allowed_lookups:
            return True
        return any(
            lookup == name or (lookup.startswith(name) and _LOOKUP_OF_FILTER.fullmatch(lookup, len(name)))
            for name in self._filter_names(request)
        )

    def row_or_404(self, request: HttpRequest, object_id: Any) -> Any:
        """Return the row within the reader's scope; what is outside does not exist for them."""
        row = self.get_object(request, str(object_id))
        if row is None:
            raise Http404
        return row

    def takes_a_search(self, request: HttpRequest) -> bool:
        """Return whether the list looks for words; without search fields Django would show every row."""
        return bool(self.get_search_fields(request)) or not request.GET.get("q", "").strip()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Return the list that says which of its parameters it cannot read."""
        del request, kwargs
        return CheckedChangeList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Show the list; parameters that cannot be read are named and left out.

        No action runs on rows that were chosen by such parameters.
        """
        try:
            response: HttpResponse = super().changelist_view(request, extra_context)
        except WrongParametersError as wrong:
            if request.method == "POST":
                return HttpResponseRedirect(request.get_full_path())
            wrong.tell(request)
            return self.changelist_view(without(request, wrong.faults), extra_context)
        return response

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Show or save a form.

        Staff make no copies: Django would take any posted row for a new one, whether the page offers
        it or not.
        """
        if "_saveasnew" in request.POST and not self.save_as:
            raise PermissionDenied
        response: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        return response

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *arguments: Any, **options: Any
    ) -> Any:
        """Propose slugs from one input of a text that has one for each language."""
        for proposed in context["adminform"].prepopulated_fields:
            proposed["dependencies"] = [source_of_slug(field) for field in proposed["dependencies"]]
        return super().render_change_form(request, context, *arguments, **options)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Show who changed the row, to readers who see colleagues: the entries name them."""
        if staff_of(request).data_scope is DataScope.AGGREGATES:
            raise PermissionDenied
        response: HttpResponse = super().history_view(request, object_id, extra_context)
        return response

    def _filter_names(self, request: HttpRequest | None) -> set[str]:
        filters = self.get_list_filter(request) if request else self.list_filter
        entries = [entry[0] if isinstance(entry, tuple) else entry for entry in filters]
        names = {
            name
            for entry in entries
            if (name := entry if isinstance(entry, str) else getattr(entry, "parameter_name", None))
        }
        return names | ({self.date_hierarchy} if self.date_hierarchy else set())


class ReadOnlyModelAdmin(ScopedModelAdmin):
    """Facts: staff read them, services write them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Facts are not added by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Facts are not changed by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Facts are not deleted by hand."""
        return False


class ScopedTabularInline(_Scope, TabularInline):
    """Rows of a form's table, scoped."""

    extra = 0
    hide_title = True


__all__ = ["ReadOnlyModelAdmin", "ScopedModelAdmin", "ScopedTabularInline"]
