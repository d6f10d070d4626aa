"""Forms about customers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from feedback_site.accounts.enums import AccessReason
from feedback_site.customers.enums import CONSENT_PURPOSES, Purpose
from feedback_site.customers.services import LONGEST_NOTE


class RevealForm(forms.Form):
    """Asks why a contact is needed. A visit's own page states its reason by itself."""

    reason = forms.ChoiceField(
        label=_("What is it needed for?"),
        choices=[
            (reason.value, reason.label) for reason in AccessReason if reason is not AccessReason.RETURN_VISIT
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is needed for.")},
    )
    note = forms.CharField(
        label=_("In a few words"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_(
            "Required for “Another purpose”. Do not enter a phone number or address: the note stays in the "
            "access log."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PreferencesForm(forms.Form):
    """Takes down what a customer said may be sent, and how they said so."""

    allowed = forms.MultipleChoiceField(
        label=_("What the customer allows"),
        choices=[(purpose.value, purpose.label) for purpose in CONSENT_PURPOSES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "What is not ticked holds for every phone number and email address of this customer, also where "
            "another customer number has "
            "the same one. A refusal counts for the person: a customer who refused by email is not asked by "
            "SMS instead. To close one "
            "address and keep the other, use the do-not-contact list."
        ),
    )
    reason = forms.CharField(
        label=_("How and when did the customer say so?"),
        max_length=LONGEST_NOTE,
        help_text=_(
            "For example: by phone today. No phone number and no address: this stays in the access log."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def choices(self) -> dict[Purpose, bool]:
        """Return what is allowed, by purpose."""
        return {purpose: purpose.value in self.cleaned_data["allowed"] for purpose in CONSENT_PURPOSES}
