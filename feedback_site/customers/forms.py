"""Forms about customers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.enums import AccessReason
from feedback_site.customers.services import LONGEST_NOTE


class RevealForm(forms.Form):
    """Asks why a contact is needed. A visit's own page states its reason by itself."""

    reason = forms.ChoiceField(
        label=_("What is it needed for?"),
        choices=[(reason.value, reason.label) for reason in AccessReason if reason is not AccessReason.RETURN_VISIT],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is needed for.")},
    )
    note = forms.CharField(
        label=_("In a few words"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("Required for “Another purpose”. Do not enter a phone number or address: the note stays in the access log."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
