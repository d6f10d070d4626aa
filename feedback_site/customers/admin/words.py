"""Opening masked words from the page of the row that holds them."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from feedback_site.accounts.admin import ReadOnlyModelAdmin
from feedback_site.customers.models import SealedText
from feedback_site.customers.services import REVEALING

if TYPE_CHECKING:
    # The mixin stands before it.
    _Base = ReadOnlyModelAdmin
else:
    _Base = object


class SealedWordsMixin(_Base):
    """Offers to open masked words as they were written. Add "open_words" to `actions_detail`."""

    words_kind: ClassVar[str]

    def has_open_words_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether the reader sees personal data, for a reason and on record, and there is some."""
        if not request.user.has_perm(REVEALING):
            return False
        return (
            object_id is None
            or SealedText.objects.filter(subject_kind=self.words_kind, subject_id=str(object_id)).exists()
        )

    @action(
        description=_("Open masked words"),
        url_path="open-words",
        permissions=["open_words"],
        icon="visibility",
    )
    def open_words(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the page that asks for the reason."""
        row = self.row_or_404(request, object_id)
        return redirect("admin:customers_words", self.words_kind, str(row.pk))
