"""Searching for phone numbers and emails, which must not stand in an address, a log or a history."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from feedback_site.accounts.admin.base import ScopedModelAdmin
from feedback_site.accounts.exceptions import SearchLimitError
from feedback_site.accounts.services import search_on_record
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now

if TYPE_CHECKING:
    _Base = ScopedModelAdmin
else:
    _Base = object

MOST_FOUND = 50


class PrivateSearchMixin(_Base):
    """Stands before a `ScopedModelAdmin`; its list posts the search and shows the rows found by their keys.

    The list's template is `admin/<app>/<model>/search_form.html`,
    which includes `accounts/private_search_form.html`.
    """

    allowed_lookups: ClassVar[tuple[str, ...]] = ("pk__in",)

    def find(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        """Return the rows that `term`, stripped and not empty, stands for; each admin says how."""
        raise NotImplementedError

    def is_contact(self, term: str) -> bool:
        """Return whether `term` may be a phone number or email: such a search is limited and on record."""
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        """Add the address that searches are posted to."""
        return [
            path("find/", self.admin_site.admin_view(self.find_view), name=self._name("find")),
            *super().get_urls(),
        ]

    def find_view(self, request: HttpRequest) -> HttpResponse:
        """Lead to the rows found, or say that there are none."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_view_permission(request):
            raise PermissionDenied
        listing, term = reverse(f"admin:{self._name('changelist')}"), request.POST.get("q", "").strip()
        if not term:
            return redirect(listing)
        try:
            keys = self._search(request, term.replace("\0", ""))
        except SearchLimitError as error:
            messages.error(request, str(error.message))
            return redirect(listing)
        if not keys:
            messages.warning(
                request,
                _(
                    "Not found. Search by the complete number, phone or email address, and only within data "
                    "you may see."
                ),
            )
            return redirect(listing)
        return redirect(f"{listing}?pk__in={','.join(keys)}")

    def takes_a_search(self, request: HttpRequest) -> bool:
        """A search in the address finds nothing, see below: that is an answer."""
        del request
        return True

    def _search(self, request: HttpRequest, term: str) -> list[str]:
        """Return the keys of the rows found. A search for a contact is limited and on record."""

        def search() -> list[str]:
            rows = self.find(self.get_queryset(request), term).values_list("pk", flat=True)
            return [str(key) for key in rows[:MOST_FOUND]]

        if not self.is_contact(term):
            return search()
        user = staff_of(request)
        return search_on_record(
            by=user, subject_kind=str(self.opts.model_name), search=search, at=database_now()
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find nothing by an address: a person who types one by hand is not rewarded."""
        return (queryset.none() if search_term.strip() else queryset), False

    def _name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"
