"""The form of a survey rule."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from feedback_site.delivery.enums import DeliveryChannel
from feedback_site.questionnaires.forms.choices import offer_questionnaires_in_use
from surveys.models import Survey

_SMS, _EMAIL = DeliveryChannel.SMS.value, DeliveryChannel.EMAIL.value
_ORDERS = [
    (f"{_SMS},{_EMAIL}", _("SMS, else email")),
    (f"{_EMAIL},{_SMS}", _("email, else SMS")),
    (_SMS, _("SMS only")),
    (_EMAIL, _("Email only")),
]


class SurveyForm(forms.ModelForm):
    """A survey rule; the delivery channels are one choice, because their order means something."""

    delivery_channels = forms.ChoiceField(
        label=_("Delivery channels"),
        choices=_ORDERS,
        widget=UnfoldAdminSelectWidget,
        help_text=_(
            "The first channel for which we have a contact is used. If sending fails, the next one is tried."
        ),
    )

    class Meta:
        model = Survey
        fields = "__all__"  # noqa: DJ007 - the ModelAdmin names the fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_questionnaires_in_use(self)
        self.initial["delivery_channels"] = ",".join(self.instance.delivery_channels)

    def clean_delivery_channels(self) -> list[str]:
        """Return the channels in the order in which they are tried."""
        chosen: str = self.cleaned_data["delivery_channels"]
        return chosen.split(",")
