"""The form of a questionnaire's draft."""

from typing import Any

from django import forms

from feedback_site.questionnaires.forms.words import ask_for_one_language, let_wait
from feedback_site.questionnaires.models import Questionnaire


class QuestionnaireForm(forms.ModelForm):
    """The draft's own texts; each may wait for its second language."""

    class Meta:
        model = Questionnaire
        fields = "__all__"  # noqa: DJ007 - the ModelAdmin names the fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        let_wait(self, "title", "thanks")

    def clean(self) -> dict[str, Any]:
        """Ask for one language at least."""
        data = super().clean() or self.cleaned_data
        ask_for_one_language(self, "title", "thanks")
        return data
