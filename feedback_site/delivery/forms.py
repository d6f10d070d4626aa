"""Forms of the staff pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from feedback_site.common.exceptions import DomainError
from feedback_site.delivery.models import Suppression
from feedback_site.delivery.services import index_of, suppressed_contacts


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
