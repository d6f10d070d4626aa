"""What staff say about answers that they fill in for a customer.

The questions are checked by the questionnaire's own rules.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

from surveys.enums import INTERVIEW_MODES


class InterviewForm(forms.Form):
    """How the customer answers."""

    mode = forms.ChoiceField(
        choices=[(mode.value, mode.label) for mode in INTERVIEW_MODES],
        error_messages={
            "required": _("Choose how the customer answers."),
            "invalid_choice": _("Choose how the customer answers."),
        },
    )
