"""Who published a version, named to staff who may see that colleague.

Teams below the owner read its versions too.
"""

from typing import TYPE_CHECKING, Any

from django.contrib.admin.options import BaseModelAdmin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.scope import scoped
from feedback_site.accounts.models import User

if TYPE_CHECKING:
    # The mixin stands before ModelAdmin or an inline; both share these methods.
    _Base = BaseModelAdmin[Any]
else:
    _Base = object


class ShowsPublisher(_Base):
    """The column `publisher` of versions."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the versions within scope, with the names of the publishers within scope."""
        known = scoped(User.objects.filter(pk=OuterRef("published_by_id")), request.user)
        return super().get_queryset(request).annotate(publisher_name=Subquery(known.values("username")[:1]))

    @display(description=_("published by"), ordering="published_by")
    def publisher(self, version: Any) -> str:
        """The name, or a dash."""
        return version.publisher_name or "–"
