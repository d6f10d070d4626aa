"""What the rule `may_be_asked` needs to know, fetched for many customers at once."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, When

from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Customer
from feedback_site.customers.services import consenting_customer_ids
from feedback_site.delivery.enums import MessageStatus
from feedback_site.delivery.models import Message
from surveys.models import Invitation
from surveys.rules import NO_CAP, Address, Asking, Facts, may_be_asked
from surveys.selectors.addresses import Reach, reach_of
from surveys.services.invitations.inviting import MESSAGE_SUBJECT
from surveys.services.locking import lock_contacts

# Moments by contact, apart for history that is replayed: what never left this machine disturbed no one.
_Asked = defaultdict[bool, defaultdict[bytes, list[datetime]]]

_NEVER = Q(pk__in=[])


@dataclass(slots=True, kw_only=True)
class Askable:
    """Customers with all that is known of whether they may be asked for one purpose, as of now."""

    reach: Reach
    consenting: Collection[uuid.UUID]
    asked: _Asked = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    excluded: set[bytes] = field(default_factory=set)

    def may_be_asked(
        self,
        customer_id: uuid.UUID,
        *,
        channels: Sequence[str] | None,
        moment: datetime,
        cap: timedelta = NO_CAP,
        is_replayed: bool = False,
    ) -> Asking:
        """Say whether a customer may be asked through one of `channels`; None where no address is needed."""
        facts = Facts(
            has_consent=customer_id in self.consenting,
            addresses=None if channels is None else self.reach.addresses(customer_id, channels),
            suppressed=self.reach.suppressed,
            asked_at=self.asked[is_replayed],
            excluded=self.excluded,
        )
        return may_be_asked(facts, moment=moment, cap=cap)

    def note_asked(self, address: Address, *, moment: datetime, is_replayed: bool = False) -> None:
        """Let those who are judged later know that this one is asked."""
        self.asked[is_replayed][address.index].append(moment)


def load_askable(
    *,
    customers: Iterable[Customer],
    purpose: Purpose,
    asked_since: datetime | None = None,
    excluding: Q | None = None,
) -> Askable:
    """Fetch the facts. A fixed number of queries, whatever the number of customers.

    Contacts count as asked from `asked_since` on, and are not asked again at all where an invitation meets
    `excluding`. With either the contacts are locked until the transaction ends, before anything is
    read of them but suppressions: two workers never both find the same one free.
    """
    reach = reach_of(customers)
    is_asking = asked_since is not None or excluding is not None
    if is_asking:
        lock_contacts(reach.locks())
    askable = Askable(
        reach=reach,
        consenting=consenting_customer_ids(
            customer_ids=reach.ways.keys(), purpose=purpose, contacts=reach.contacts()
        ),
    )
    if is_asking:
        _load_asked(askable, purpose, asked_since, excluding or _NEVER)
    return askable


def _load_asked(askable: Askable, purpose: Purpose, since: datetime | None, excluding: Q) -> None:
    forms = askable.reach.forms()
    left = Message.objects.filter(
        subject_kind=MESSAGE_SUBJECT, subject_id=OuterRef("pk"), status=MessageStatus.SENT
    )
    recently = _NEVER if since is None else Q(invited_at__gt=since)
    asked = Invitation.objects.filter(
        Q(voided_at__isnull=True) | Exists(left),
        recently | excluding,
        purpose=purpose,
        contact_index__in=list(forms),
    ).annotate(excludes=Case(When(excluding, then=True), default=False, output_field=BooleanField()))
    for index, invited_at, is_replayed, excludes in asked.values_list(
        "contact_index", "invited_at", "is_replayed", "excludes"
    ):
        if index is not None:
            contact = forms[bytes(index)]
            askable.asked[is_replayed][contact].append(invited_at)
            if excludes:
                askable.excluded.add(contact)
