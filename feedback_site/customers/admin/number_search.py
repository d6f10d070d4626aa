"""Lists that are searched by the customer's number too, but not by contacts (see `PrivateSearchMixin`)."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from feedback_site.accounts.admin import ScopedModelAdmin
from feedback_site.common.sealing import is_contact

if TYPE_CHECKING:
    _Base = ScopedModelAdmin
else:
    _Base = object

CUSTOMER_NUMBER = "customer__external_id__exact"
_QUOTES = str.maketrans(dict.fromkeys("\"'", " "))


class CustomerNumberSearchMixin(_Base):
    """Stands before a `ScopedModelAdmin` that names `CUSTOMER_NUMBER` in its `search_fields`."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find nothing by a contact: by many tries it would be found out, and no try would be on record."""
        if any(is_contact(word) for word in [search_term, *search_term.translate(_QUOTES).split()]):
            messages.warning(request, _("Search for phone numbers and email addresses under Customers."))
            return queryset.none(), False
        found: tuple[QuerySet[Any], bool] = super().get_search_results(request, queryset, search_term)
        return found
