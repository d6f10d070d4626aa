"""Forms of staff: the steps of an entry, the suggestion of the month, and what was done."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from feedback_site.accounts.models import Team
from feedback_site.common.text_forms import TextsWidget
from feedback_site.voice.enums import EntryKind
from feedback_site.voice.models import MonthlySuggestion, PublishedChange

MOST_TEXT = 2000
_PUBLIC = _(
    "The customer reads this under the number: no names, no phone numbers, and in the language that they "
    "wrote in."
)
_INTERNAL = _("For colleagues only.")


def _text(label: Any, help_text: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=MOST_TEXT,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
    )


class AnswerForm(forms.Form):
    """Something for the customer to read."""

    text = _text(_("Reply"), _PUBLIC)


class OptionalAnswerForm(forms.Form):
    """Something for the customer to read, or nothing."""

    text = _text(_("Reply"), _PUBLIC, required=False)


class NoteForm(forms.Form):
    """Something for colleagues to read."""

    text = _text(_("Note"), _INTERNAL)


class ReasonForm(forms.Form):
    """Why a complaint takes longer."""

    text = _text(_("Why is it complex?"), _INTERNAL)


class HandOverForm(forms.Form):
    """To which team an entry goes."""

    team = forms.ChoiceField(label=_("team"), widget=UnfoldAdminSelectWidget)
    text = _text(_("Note"), _INTERNAL, required=False)

    def __init__(
        self, *args: Any, teams: Mapping[str, Team], labels: Mapping[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.teams = teams
        cast("forms.ChoiceField", self.fields["team"]).choices = [("", "---------"), *labels.items()]

    def clean_team(self) -> Team:
        """Return the team that was chosen."""
        return self.teams[self.cleaned_data["team"]]


class ClosingForm(AnswerForm):
    """The last answer, and whether it is solved."""

    is_resolved = forms.ChoiceField(
        label=_("Is it solved?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=UnfoldAdminRadioSelectWidget,
    )
    field_order = ("is_resolved", "text")

    def clean_is_resolved(self) -> bool:
        """Return yes or no as such."""
        return bool(self.cleaned_data["is_resolved"] == "yes")


class DecisionForm(AnswerForm):
    """What becomes of a suggestion, and why."""

    is_adopted = forms.ChoiceField(
        label=_("What becomes of it?"),
        choices=[("yes", _("We adopt it")), ("no", _("We decline it"))],
        widget=UnfoldAdminRadioSelectWidget,
    )
    field_order = ("is_adopted", "text")

    def clean_is_adopted(self) -> bool:
        """Return yes or no as such."""
        return bool(self.cleaned_data["is_adopted"] == "yes")


class MonthlySuggestionForm(forms.ModelForm):
    """The suggestion of a month, in staff's own words."""

    class Meta:
        model = MonthlySuggestion
        fields = ("month", "entry", "title", "text", "is_quoted")
        widgets = {"text": TextsWidget(rows=4)}

    def clean_month(self) -> date:
        """Return the first day of the month."""
        month: date = self.cleaned_data["month"]
        return month.replace(day=1)

    def clean(self) -> dict[str, Any]:
        """Refuse what is no suggestion, and a quotation that its writer did not agree to."""
        cleaned = super().clean() or self.cleaned_data
        entry = cleaned.get("entry")
        if entry is not None and entry.kind != EntryKind.SUGGESTION:
            self.add_error("entry", _("Only a suggestion can be the suggestion of the month."))
        elif entry is not None and cleaned.get("is_quoted") and not entry.may_publish:
            self.add_error("is_quoted", _("The writer did not agree to be quoted: use your own words only."))
        return cleaned


class PublishedChangeForm(forms.ModelForm):
    """What customers said and what was done."""

    class Meta:
        model = PublishedChange
        fields = ("team", "said", "did", "action", "entry")
        widgets = {"did": TextsWidget(rows=4)}
