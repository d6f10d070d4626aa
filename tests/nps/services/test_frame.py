"""The statement that draws agrees, customer by customer, with the rule whom we may ask."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from feedback_site.common.sealing import contact_index
from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Consent, Customer
from feedback_site.customers.services import (
    Refusing,
    Wish,
    contact_indexes,
    customer_entry,
    refuse_contacts,
    upsert_customers,
)
from feedback_site.delivery.enums import DeliveryChannel, SuppressionReason
from feedback_site.delivery.models import Message
from feedback_site.delivery.services import suppress_address
from nps.models import CampaignMember, Programme
from surveys.models import Invitation
from surveys.services.invitations.askable import load_askable
from surveys.services.invitations.inviting import Schedule, prepare_invitation

pytestmark = pytest.mark.django_db
PEOPLE = 300


class Crowd:
    """Customers who may be asked or not for every reason there is, drawn by dice with a seed."""

    def __init__(self, field_work, noon, seed):
        self.field_work, self.noon = field_work, noon
        self.dice = random.Random(seed)  # noqa: S311 - the same crowd each time is the point
        # Fewer numbers than people, so that some share one; the first are mobiles.
        self.phones = [f"138{number:08d}" for number in range(160)] + [f"0108888{n:04d}" for n in range(30)]
        self.emails = [f"c{number}@example.com" for number in range(120)]

    def write(self):
        entries = [
            customer_entry(
                source="crm",
                external_id=f"R-{number}",
                phone=self.dice.choice(self.phones) if self.dice.random() < 0.8 else None,
                email=self.dice.choice(self.emails) if self.dice.random() < 0.5 else None,
            )
            for number in range(PEOPLE)
        ]
        made = upsert_customers(entries=entries)
        customers = [made[entry.key] for entry in entries]
        for customer in customers:
            self.field_work.serve(customer=customer, consent=None)
        Consent.objects.bulk_create(row for customer in customers for row in self._words(customer))
        self._refuse()
        self._suppress()
        for customer in self.dice.sample(customers, 90):
            self._invite(customer)

    def _words(self, customer):
        """Mostly a yes; else nothing, a no, one after the other, or a word about something else."""
        said = self.dice.choices(
            [[True], [], [False], [False, True], [True, False]], weights=[14, 1, 1, 1, 1]
        )[0]
        for number, is_granted in enumerate(said):
            yield self._consent(customer, "nps", is_granted=is_granted, days=20 - number)
        if self.dice.random() < 0.2:
            yield self._consent(customer, "survey", is_granted=self.dice.random() < 0.5, days=1)

    def _consent(self, customer, purpose, *, is_granted, days):
        at = self.noon - timedelta(days=days)
        return Consent(customer=customer, purpose=purpose, is_granted=is_granted, stated_at=at, source="crm")

    def _refuse(self):
        """Refusals of contacts, land lines among them, a few for another purpose and a few lifted."""
        phones = [contact_index(column="phone", value=one) for one in self.dice.sample(self.phones, 14)]
        emails = [contact_index(column="email", value=one) for one in self.dice.sample(self.emails, 8)]
        wish = Wish(source="page", at=self.noon)
        rows = refuse_contacts(
            refusing=[
                Refusing(
                    contact=contact,
                    purpose=self.dice.choice(["nps", "nps", "nps", "visit"]),
                    customer=None,
                    wish=wish,
                )
                for contact in (*phones, *emails)
            ]
        )
        for row in rows[:4]:
            row.lifted_at, row.lifted_source = self.noon, "page"
            row.save()

    def _suppress(self):
        blocked = {DeliveryChannel.SMS: self.phones[:160], DeliveryChannel.EMAIL: self.emails}
        for channel, addresses in blocked.items():
            for address in self.dice.sample(addresses, 24):
                suppress_address(
                    channel=channel, address=address, reason=SuppressionReason.BLOCKED, at=self.noon
                )

    def _invite(self, customer):
        """Invite earlier: within the cap or not, replayed, for another purpose, voided before or after."""
        contacts = list(contact_indexes(customer).values())
        if not contacts:
            return
        at = self.noon - self.dice.choice([timedelta(days=days) for days in (-1, 0, 1, 30, 89, 90, 91)])
        invitation = prepare_invitation(
            purpose=self.dice.choice(["nps", "nps", "nps", "survey"]),
            version_id=self.field_work.programme.questionnaire.versions.get().pk,
            team_id=self.field_work.organisation.east_1.pk,
            credited_team_id=self.field_work.organisation.east_1.pk,
            customer=customer,
            contact=self.dice.choice(contacts),
            schedule=Schedule(
                invited_at=at,
                belongs_on=at.date(),
                due_at=at,
                send_until=at,
                expires_at=at + timedelta(days=14),
                is_replayed=self.dice.random() < 0.15,
            ),
        )
        if self.dice.random() < 0.3:
            invitation.voided_at, invitation.void_reason = self.noon, "withdrawn"
            status = self.dice.choice(["sent", "voided", ""])
            if status:
                self._send(invitation, status)
        invitation.save(force_insert=True)

    def _send(self, invitation, status):
        Message.objects.create(
            subject_kind="invitation",
            subject_id=invitation.pk,
            channel="sms",
            team_id=invitation.team_id,
            status=status,
            sent_at=self.noon if status == "sent" else None,
            due_at=self.noon,
            send_until=self.noon,
            queued_at=self.noon,
        )


def judged_by_the_rule(campaign):
    """Judge the members one after the other, in the order of their random numbers."""
    cap = timedelta(days=campaign.cap_days)
    members = list(campaign.members.select_related("customer").order_by("random_number", "customer_id"))
    askable = load_askable(
        customers=[member.customer for member in members],
        purpose=Purpose.NPS,
        asked_since=campaign.frame_at - timedelta(days=1000),
    )
    found = {}
    for member in members:
        asking = askable.may_be_asked(
            member.customer_id,
            channels=campaign.programme.delivery_channels,
            moment=campaign.frame_at,
            cap=cap,
        )
        found[member.customer_id] = asking.obstacle.value if asking.obstacle else ""
        if asking.address is not None:
            askable.excluded.add(asking.address.index)
    return found


@pytest.mark.parametrize(
    ("seed", "channels", "cap_days"),
    [(1, ["sms", "email"], 90), (2, ["email", "sms"], 30), (3, ["sms"], 0)],
)
def test_the_frame_and_the_rule_agree_on_random_customers(field_work, noon, seed, channels, cap_days):
    Programme.objects.update(delivery_channels=channels, cap_days=cap_days)
    Crowd(field_work, noon, seed).write()

    campaign = field_work.drawn()

    drawn = dict(CampaignMember.objects.values_list("customer_id", "exclusion"))
    assert drawn == judged_by_the_rule(campaign)
    # The dice left nothing out.
    counts = Counter(drawn.values())
    assert len(drawn) == PEOPLE == Customer.objects.count()
    assert (
        min(counts[reason] for reason in ("", "no_consent", "no_contact", "suppressed", "frequency_cap")) > 5
    )
    assert Invitation.objects.count() > 40
