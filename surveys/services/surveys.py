"""The order of survey rules: one for all, because the first that matches asks."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.exceptions import ConflictError
from feedback_site.common.locks import Lock, wait_for
from surveys.models import Survey
from surveys.rules.order import reordered


@transaction.atomic
def reorder_surveys(*, wanted: Sequence[int], by: User) -> int:
    """Put the rules of `wanted` (ids) into this order and return how many were moved.

    All others keep theirs among each other. Raises `ConflictError` where a rule would move that is not the
    reader's to change.
    """
    # A new rule takes the last position under the same lock; the rows alone would not keep it out.
    wait_for(Lock.SURVEY_ORDER)
    surveys = list(Survey.objects.select_for_update(no_key=True).order_by("position", "pk"))
    changeable = set(Survey.objects.changeable_by(by).values_list("pk", flat=True))
    order = reordered([survey.pk for survey in surveys], wanted, movable=changeable)
    if order is None:
        raise ConflictError(_("Rules of other owners keep their order: move your own rules only."))
    by_id = {survey.pk: survey for survey in surveys}
    moved = [by_id[pk] for place, pk in enumerate(order, start=1) if by_id[pk].position != place]
    count = sum(old.pk != new for old, new in zip(surveys, order, strict=True))
    for place, pk in enumerate(order, start=1):
        by_id[pk].position = place
    Survey.objects.bulk_update(moved, ["position"])
    return count
