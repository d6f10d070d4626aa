"""The base of every API view: rows come scoped to the caller."""

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from rest_framework.viewsets import GenericViewSet

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import ApiKey, ScopedQuerySet


class ScopedViewSet(GenericViewSet):
    """A viewset whose queryset is what the calling key may see; `required_grants` maps methods to grants."""

    required_grants: ClassVar[dict[str, Grant]] = {}

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows within the caller's scope; while the schema is generated, none."""
        queryset = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()
        return cast("ScopedQuerySet[Any]", queryset).for_user(cast("ApiKey", self.request.user))
