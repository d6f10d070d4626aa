"""Forms of the staff pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback_site.delivery.forms import ChannelOrderForm
from feedback_site.questionnaires.forms import offer_questionnaires_in_use
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.services.publishing import latest_version
from nps.models import Programme
from nps.selectors.launching import asks_for_recommendation


class ProgrammeForm(ChannelOrderForm):
    """A programme."""

    class Meta:
        model = Programme
        fields = "__all__"  # the ModelAdmin names the fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_questionnaires_in_use(self)

    def clean_questionnaire(self) -> Questionnaire:
        """Refuse a questionnaire that cannot give a score.

        It was never published, or has no question that counts as a recommendation.
        """
        questionnaire: Questionnaire = self.cleaned_data["questionnaire"]
        version = latest_version(questionnaire)
        if version is None:
            raise forms.ValidationError(_("This questionnaire was never published. Publish it first."))
        if not asks_for_recommendation(version.content):
            raise forms.ValidationError(
                _(
                    "The published version has no question that counts as a recommendation (0-10). Add one "
                    "and publish again."
                )
            )
        return questionnaire
