"""The form of a questionnaire's draft."""

from typing import Any

from django import forms

from feedback_site.questionnaires.forms.words import need_texts
from feedback_site.questionnaires.models import Questionnaire


class QuestionnaireForm(forms.ModelForm):
    """The draft's own texts; each may wait for its second language."""

    class Meta:
        model = Questionnaire
        fields = "__all__"  # noqa: DJ007 - the ModelAdmin names the fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        need_texts(self, "title", "thanks")
