"""`/api/v1/customers/contact/`: one customer's contact in clear, for a reason.

Limited and on record like a look by staff.
"""

from typing import Any, ClassVar, cast

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from feedback_site.accounts.enums import AccessReason, Grant
from feedback_site.accounts.models import ApiKey
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import NotFoundError
from feedback_site.customers.models import Customer
from feedback_site.customers.services import reveal_contact


class ContactInput(serializers.Serializer[Any]):
    """Whose contact is wanted, and why. It is sent, not asked for by address: addresses stand in logs."""

    source = serializers.CharField(max_length=40, help_text="The system that knows the customer.")  # type: ignore[assignment]  # DRF takes declared fields off the class
    external_id = serializers.CharField(max_length=80)
    reason = serializers.ChoiceField(choices=AccessReason.choices)
    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class ContactOutput(serializers.Serializer[Any]):
    """What is known; empty where nothing is."""

    name = serializers.CharField()
    phone = serializers.CharField()
    email = serializers.CharField()


class CustomerContactView(APIView):
    """Reads a contact.

    Each look is an access-log entry and counts towards the limits of looks at contacts.
    """

    required_grants: ClassVar[dict[str, Grant]] = {"POST": Grant.CONTACTS_READ}

    @extend_schema(request=ContactInput, responses=ContactOutput)
    def post(self, request: Request) -> Response:
        """Return the contact of a customer within the key's scope; else 404, or 429 beyond the limit."""
        serializer = ContactInput(data=request.data)
        serializer.is_valid(raise_exception=True)
        said, key = serializer.validated_data, cast("ApiKey", request.user)
        customer = (
            Customer.objects.for_user(key)
            .filter(source=said["source"], external_id=said["external_id"])
            .first()
        )
        if customer is None:
            raise NotFoundError(_("Customer not found, or you do not have access."))
        contact = reveal_contact(
            customer=customer,
            by=key,
            reason=AccessReason(said["reason"]),
            note=said["note"],
            at=database_now(),
        )
        return Response(ContactOutput(contact).data, headers={"Cache-Control": "no-store"})
