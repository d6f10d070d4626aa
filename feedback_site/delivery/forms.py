"""Forms of the staff pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from feedback_site.common.exceptions import DomainError
from feedback_site.delivery.enums import DeliveryChannel
from feedback_site.delivery.models import Suppression
from feedback_site.delivery.services import index_of, suppressed_contacts

_SMS, _EMAIL = DeliveryChannel.SMS.value, DeliveryChannel.EMAIL.value
_ORDERS = [
    (f"{_SMS},{_EMAIL}", _("SMS, else email")),
    (f"{_EMAIL},{_SMS}", _("email, else SMS")),
    (_SMS, _("SMS only")),
    (_EMAIL, _("Email only")),
]


class ChannelOrderForm(forms.ModelForm):
    """A form whose model has delivery channels: they are one choice, because their order means something."""

    delivery_channels = forms.ChoiceField(
        label=_("Delivery channels"),
        choices=_ORDERS,
        widget=UnfoldAdminSelectWidget,
        help_text=_(
            "The first channel for which we have a contact is used. If sending fails, the next one is tried."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["delivery_channels"] = ",".join(self.instance.delivery_channels)

    def clean_delivery_channels(self) -> list[str]:
        """Return the channels in the order in which they are tried."""
        chosen: str = self.cleaned_data["delivery_channels"]
        return chosen.split(",")


class SuppressionForm(forms.ModelForm):
    """Takes the address in clear; only its blind index and mask are stored."""

    address = forms.CharField(
        label=pgettext_lazy("contact", "phone number or email"),
        max_length=254,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("A phone number or an email address. Only its mask is kept."),
    )

    class Meta:
        model = Suppression
        fields = ("channel", "address", "reason")

    def clean(self) -> dict[str, Any]:
        """Refuse what is no address of the channel, and what is suppressed already."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        channel, address = cleaned.get("channel"), cleaned.get("address")
        if not channel or not address:
            return cleaned
        try:
            index = index_of(channel=channel, address=address)
        except DomainError as error:
            raise ValidationError({"address": str(error.message)}) from None
        if suppressed_contacts(channel, [index]):
            raise ValidationError({"address": _("This contact is already on the do-not-contact list.")})
        return cleaned
