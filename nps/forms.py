"""Forms of the staff pages."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from feedback_site.delivery.enums import DeliveryChannel
from feedback_site.questionnaires.enums import Metric
from feedback_site.questionnaires.forms import offer_questionnaires_in_use
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.services.publishing import latest_version
from nps.models import Programme

_SMS, _EMAIL = DeliveryChannel.SMS.value, DeliveryChannel.EMAIL.value
_ORDERS = [
    (f"{_SMS},{_EMAIL}", _("SMS, else email")),
    (f"{_EMAIL},{_SMS}", _("email, else SMS")),
    (_SMS, _("SMS only")),
    (_EMAIL, _("Email only")),
]


class ProgrammeForm(forms.ModelForm):
    """A programme; the delivery channels are one choice, because their order means something."""

    delivery_channels = forms.ChoiceField(
        label=_("Delivery channels"),
        choices=_ORDERS,
        widget=UnfoldAdminSelectWidget,
        help_text=_(
            "The first channel for which we have a contact is used. If sending fails, the next one is tried."
        ),
    )

    class Meta:
        model = Programme
        fields = "__all__"  # noqa: DJ007 - the ModelAdmin names the fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_questionnaires_in_use(self)
        self.initial["delivery_channels"] = ",".join(self.instance.delivery_channels)

    def clean_delivery_channels(self) -> list[str]:
        """Return the channels in the order in which they are tried."""
        chosen: str = self.cleaned_data["delivery_channels"]
        return chosen.split(",")

    def clean_time_zone(self) -> str:
        """Refuse a zone that does not exist: quarters begin by it."""
        name: str = self.cleaned_data["time_zone"]
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise forms.ValidationError(
                _("There is no such time zone. Write it like Asia/Shanghai.")
            ) from None
        return name

    def clean_questionnaire(self) -> Questionnaire:
        """Refuse a questionnaire that cannot give a score.

        It was never published, or has no question that counts as a recommendation.
        """
        questionnaire: Questionnaire = self.cleaned_data["questionnaire"]
        version = latest_version(questionnaire)
        if version is None:
            raise forms.ValidationError(_("This questionnaire was never published. Publish it first."))
        if not any(question.get("metric") == Metric.NPS for question in version.document["questions"]):
            raise forms.ValidationError(
                _(
                    "The published version has no question that counts as a recommendation (0-10). Add one "
                    "and publish again."
                )
            )
        return questionnaire
