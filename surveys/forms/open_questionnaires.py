"""The form of an open questionnaire."""

from django import forms

from feedback_site.common.exceptions import DomainError
from feedback_site.questionnaires.models import Questionnaire
from surveys.models import OpenQuestionnaire
from surveys.services.open_questionnaires.opening import refuse_unless_open


class OpenQuestionnaireForm(forms.ModelForm):
    """An open questionnaire; what cannot be asked openly is said at the field."""

    class Meta:
        model = OpenQuestionnaire
        fields = ("label", "team", "questionnaire", "language", "asks_ticket_number", "starts_at", "ends_at")

    def clean_questionnaire(self) -> Questionnaire:
        """Return a questionnaire that can be asked of every customer who has a code."""
        questionnaire: Questionnaire = self.cleaned_data["questionnaire"]
        try:
            refuse_unless_open(questionnaire=questionnaire)
        except DomainError as error:
            raise forms.ValidationError(str(error.message)) from error
        return questionnaire
