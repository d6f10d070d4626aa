"""What a reader may see of a table."""

from typing import Any, cast

from django.db.models import QuerySet

from feedback_site.accounts.models import ScopedQuerySet, User


def scoped(queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Return what `user` may see of `queryset`; tables without a team are the same for all."""
    if not hasattr(queryset, "for_user"):
        return queryset
    scope = cast("ScopedQuerySet[Any]", queryset)
    return scope.for_user(user) if isinstance(user, User) else scope.none()
