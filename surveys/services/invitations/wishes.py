"""What a customer says on the pages behind their link about what we may send them."""

from collections.abc import Mapping

from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Customer
from feedback_site.customers.services import Wish, state_preferences
from surveys.models import Invitation
from surveys.services.invitations.asked_contacts import asked_contacts
from surveys.services.links.looking_up import Link


def say_by_link(*, link: Link, choices: Mapping[Purpose, bool], source: str) -> None:
    """Record the choices of the customer whose link this is, at the moment when it was opened."""
    invitation = Invitation.objects.only("id", "contact_sealed").get(pk=str(link.invitation_id))
    customer = Customer.objects.get(invitations=link.invitation_id)
    state_preferences(
        customer=customer,
        choices=choices,
        proven=asked_contacts(invitation),
        wish=Wish(source=source, at=link.at),
    )
