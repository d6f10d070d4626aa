"""Where the links of invitations stand."""

from django.db.models import Case, Value, When
from django.db.models.functions import Now

from surveys.enums import LinkState


def link_state() -> Case:
    """Return an expression for the state of an invitation's link now; see `LinkState`.

    Now is the database's clock.
    """
    return Case(
        When(voided_at__isnull=False, then=Value(LinkState.VOIDED.value)),
        When(answered_at__isnull=False, then=Value(LinkState.ANSWERED.value)),
        When(expires_at__lte=Now(), then=Value(LinkState.EXPIRED.value)),
        default=Value(LinkState.OPEN.value),
    )
