"""What a customer said themselves may be sent.

They say it on the page of preferences, in a question, or to a member of staff who writes it down.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.accounts.services import record_access
from feedback_site.common.exceptions import DomainError, NotFoundError
from feedback_site.common.sealing import ContactIndex
from feedback_site.customers.enums import CONSENT_PURPOSES, CustomerAccess, Purpose
from feedback_site.customers.models import Customer
from feedback_site.customers.services.consents import ConsentStatement, record_consents
from feedback_site.customers.services.contacts import contact_indexes
from feedback_site.customers.services.refusals import (
    Refusing,
    Wish,
    consenting_customer_ids,
    lift_refusals,
    refuse_contacts,
)
from feedback_site.customers.services.revealing import checked_note

RECORDING = "customers.record_preferences"
BY_STAFF = "recorded by staff"
Choices = Mapping[Purpose, bool]


def preferences_of(*, customer: Customer) -> dict[Purpose, bool]:
    """Return for each purpose whether the customer may be asked now."""
    return {
        purpose: bool(consenting_customer_ids(customer_ids=[customer.pk], purpose=purpose, contacts=None))
        for purpose in CONSENT_PURPOSES
    }


@transaction.atomic
def state_preferences(
    *, customer: Customer, choices: Choices, proven: Iterable[ContactIndex] = (), wish: Wish
) -> None:
    """Record what the customer said.

    A no holds for all their contacts, a yes lifts what they refused themselves.

    `proven` are contacts that the word is known to come from, such as the one that
    the link was sent to: refusals of them are lifted and stated too, no matter which customer refused.
    A contact of another person that merely stands in the customer's row stays refused.
    """
    proven = list(proven)
    statements = [
        ConsentStatement(
            customer=customer,
            purpose=purpose.value,
            is_granted=granted,
            stated_at=wish.at,
            source=wish.source,
        )
        for purpose, granted in choices.items()
    ]
    allowed = [purpose.value for purpose, granted in choices.items() if granted]
    record_consents(statements=statements, overrides_refusal=True, refuses_contacts=False)
    lift_refusals(customer=customer, contacts=proven, purposes=allowed, wish=wish)
    refuse_contacts(
        refusing=[
            Refusing(contact=contact, purpose=purpose.value, customer=customer, wish=wish)
            for purpose, granted in choices.items()
            for contact in (*contact_indexes(customer).values(), *proven)
            if not granted
        ]
    )


@transaction.atomic
def record_preferences(*, customer: Customer, choices: Choices, by: User, reason: str, at: datetime) -> None:
    """Record what a customer told a member of staff, who says how.

    The access log holds what was before and what is now.

    Raises `DomainError` without permission or reason,
    `NotFoundError` for a customer outside the scope of `by`.
    """
    if not by.has_perm(RECORDING):
        raise DomainError(_("Your role does not record what customers allow."))
    if not Customer.objects.for_user(by).filter(pk=customer.pk).exists():
        raise NotFoundError(_("Customer not found, or you do not have access."))
    reason = checked_note(reason)
    if not reason:
        raise DomainError(_("Say in a few words how and when the customer said so."), {"field": "reason"})
    before = preferences_of(customer=customer)
    wish = Wish(source=BY_STAFF, at=at, by=by, reason=reason)
    state_preferences(
        customer=customer, choices=choices, proven=contact_indexes(customer).values(), wish=wish
    )
    record_access(
        actor=by,
        action=CustomerAccess.PREFERENCES_RECORDED,
        subject_kind="customer",
        subject_id=str(customer.pk),
        details={"reason": reason, "old": _written(before), "new": _written({**before, **choices})},
        at=at,
    )


def _written(choices: Choices) -> dict[str, bool]:
    return {purpose.value: granted for purpose, granted in choices.items()}
