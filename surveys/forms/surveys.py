"""The form of a survey rule."""

from typing import Any

from feedback_site.delivery.forms import ChannelOrderForm
from feedback_site.questionnaires.forms.choices import offer_questionnaires_in_use
from surveys.models import Survey


class SurveyForm(ChannelOrderForm):
    """A survey rule."""

    class Meta:
        model = Survey
        fields = "__all__"  # the ModelAdmin names the fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_questionnaires_in_use(self)
