"""Forms of return visits: plans, the outcome of a call, handing visits over, closing an escalation."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from feedback_site.accounts.models import User
from feedback_site.questionnaires.forms import offer_questionnaires_in_use
from feedback_site.questionnaires.models import Questionnaire
from visits.enums import VisitAttemptOutcome
from visits.models import VisitPlan

MOST_NOTE = 1000


class VisitPlanForm(forms.ModelForm):
    """A plan whose script can be asked, and the only active one of its trigger and team."""

    class Meta:
        model = VisitPlan
        fields = "__all__"  # noqa: DJ007 - the ModelAdmin names the fields
        labels = {"mode": pgettext_lazy("visit", "Contact method"), "max_attempts": _("Attempts")}
        help_texts = {
            "trigger": _("What makes a visit. One plan for each is active in a team."),
            "is_active": _("An inactive plan makes no new visits; those made stay."),
            "max_attempts": _(
                "If the customer is not reached at the last attempt, the visit ends as not reached."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_questionnaires_in_use(self)

    def clean_questionnaire(self) -> Questionnaire:
        """Refuse a script that was never published: it could not be filled in."""
        questionnaire: Questionnaire = self.cleaned_data["questionnaire"]
        if not questionnaire.versions.exists():
            raise forms.ValidationError(
                _("This questionnaire is not published yet. Publish it first, or choose another.")
            )
        return questionnaire

    def clean(self) -> dict[str, Any]:
        """Refuse a second active plan of one trigger and team, and a window that ends before it begins."""
        cleaned = super().clean() or self.cleaned_data
        wait, window = cleaned.get("wait_hours"), cleaned.get("window_hours")
        if wait is not None and window is not None and window < wait:
            self.add_error("window_hours", _("The window must not end before it begins."))
        if cleaned.get("is_active") and cleaned.get("trigger"):
            others = VisitPlan.objects.filter(
                trigger=cleaned["trigger"], team=cleaned.get("team"), is_active=True
            )
            other = others.exclude(pk=self.instance.pk).first()
            if other is not None:
                self.add_error(
                    "trigger",
                    _("“%(plan)s” is active for this trigger already. Set it inactive first.")
                    % {"plan": other},
                )
        return cleaned


class AttemptForm(forms.Form):
    """What an attempt brought; the script's questions are checked by the questionnaire's own rules."""

    outcome = forms.ChoiceField(
        choices=VisitAttemptOutcome.choices,
        error_messages={"required": _("Choose the result of this attempt.")},
    )
    note = forms.CharField(required=False, max_length=MOST_NOTE)
    # What the browser's own picker sends, in the zone of the visit's team.
    call_at = forms.DateTimeField(
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": _("Write date and time like 2026-01-31 14:30.")},
    )

    def __init__(self, *args: Any, is_last: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_last = is_last

    def clean(self) -> dict[str, Any]:
        """Ask for the time where the customer named one and an attempt is left to keep it."""
        cleaned = super().clean() or self.cleaned_data
        is_later = cleaned.get("outcome") == VisitAttemptOutcome.CALL_LATER and not self.is_last
        if is_later and "call_at" not in self.errors and not cleaned.get("call_at"):
            self.add_error("call_at", _("Say when the customer wants to be called."))
        if not is_later and "call_at" in self.errors:
            del self.errors["call_at"]  # a time that this outcome does not ask for
        return cleaned


class ReassignForm(forms.Form):
    """To whom visits are handed."""

    to = forms.ChoiceField(label=_("colleague"), widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, choices: Mapping[str, User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [
            (key, f"{user.get_full_name() or user.get_username()} · {user.get_role_display()}")
            for key, user in choices.items()
        ]
        cast("forms.ChoiceField", self.fields["to"]).choices = [("", "---------"), *named]


class EscalationClosingForm(forms.Form):
    """Why an escalation is closed although nothing proves the repair."""

    note = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Please leave out names and phone numbers."),
    )
