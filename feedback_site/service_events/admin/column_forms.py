"""Which column of a file is which field: guessed, then confirmed by a person."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from feedback_site.accounts.models import User
from feedback_site.common.listing import listed
from feedback_site.service_events.api.event_files.headings import shown_name
from feedback_site.service_events.api.event_files.mapping import ATTRIBUTES, FIELDS, REQUIRED, EventMapping
from feedback_site.service_events.selectors.events import load_references

_LEAVE_OUT, _ATTRIBUTE = "", "attributes"
# Fields that a whole file may share.
_SHARED = ("source", "kind", "channel", "team")
_LONGEST_ATTRIBUTE = 40


def guessed_columns(headings: list[str]) -> dict[str, str]:
    """Return columns by field as their headings suggest, each field once."""
    columns: dict[str, str] = {}
    for heading in headings:
        name = EventMapping.field_named(heading)
        if name:
            columns.setdefault(name, heading)
    return columns


class ColumnsForm(forms.Form):
    """A choice of field for every column, and what holds for all rows."""

    date_order = forms.ChoiceField(
        label=_("Order in dates such as 05/06/2026"),
        required=False,
        choices=[("", _("there are none")), ("dmy", _("day, month, year")), ("mdy", _("month, day, year"))],
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(
        self,
        *,
        headings: list[str],
        columns: dict[str, str],
        constants: dict[str, str],
        user: User,
        data: Any = None,
    ) -> None:
        super().__init__(data)
        self.headings = headings
        fields = {heading: name for name, heading in columns.items()}
        choices = _field_choices()
        for number, heading in enumerate(headings):
            guess = fields.get(heading, _LEAVE_OUT)
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=heading,
                choices=choices,
                required=False,
                initial=_ATTRIBUTE if guess.startswith(ATTRIBUTES) else guess,
                widget=UnfoldAdminSelectWidget,
            )
        references = load_references(principal=user)
        known = {"kind": references.kinds, "channel": references.channels, "team": references.teams}
        for name in _SHARED:
            self.fields[f"all_{name}"] = _shared_field(name, known.get(name), constants.get(name, ""))

    def clean(self) -> dict[str, Any]:
        """Refuse two columns for one field, and a field that every event needs and no row would have."""
        chosen = [name for name in self._chosen().values() if name not in (_LEAVE_OUT, _ATTRIBUTE)]
        twice = sorted(
            {shown_name(name, get_language() or "en") for name in chosen if chosen.count(name) > 1}
        )
        if twice:
            raise forms.ValidationError(
                _("Two columns are chosen for: %(names)s.") % {"names": listed(twice)}
            )
        read = {*chosen, *(name for name in _SHARED if self.cleaned_data.get(f"all_{name}"))}
        missing = [shown_name(name, get_language() or "en") for name in REQUIRED if name not in read]
        if missing:
            raise forms.ValidationError(
                _("Choose a column, or one value for all rows, for: %(names)s.") % {"names": listed(missing)}
            )
        return self.cleaned_data

    def columns(self) -> dict[str, str]:
        """Return columns by field; those that are kept as attributes by their own heading."""
        chosen = self._chosen()
        own = {
            f"{ATTRIBUTES}{heading[:_LONGEST_ATTRIBUTE]}": heading
            for heading, name in chosen.items()
            if name == _ATTRIBUTE
        }
        return {
            name: heading for heading, name in chosen.items() if name not in (_LEAVE_OUT, _ATTRIBUTE)
        } | own

    def constants(self) -> dict[str, str]:
        """Return what holds for all rows, where no column says it."""
        columns = self.columns()
        said = {name: self.cleaned_data.get(f"all_{name}", "") for name in _SHARED if name not in columns}
        return {name: value for name, value in said.items() if value}

    def _chosen(self) -> dict[str, str]:
        return {
            heading: self.cleaned_data.get(f"column_{number}", "")
            for number, heading in enumerate(self.headings)
        }


def _field_choices() -> list[tuple[str, Any]]:
    language = get_language() or "en"
    named = sorted((shown_name(name, language), name) for name in FIELDS)
    return [
        (_LEAVE_OUT, _("leave out")),
        (_ATTRIBUTE, _("keep as an attribute")),
        *[(name, shown) for shown, name in named],
    ]


def _shared_field(name: str, known: Any, initial: str) -> forms.Field:
    label = shown_name(name, get_language() or "en")
    if known is None:
        return forms.CharField(
            label=label, required=False, max_length=40, initial=initial, widget=UnfoldAdminTextInputWidget
        )
    choices = [("", "–"), *[(code, str(row)) for code, row in known.items()]]
    return forms.ChoiceField(
        label=label, required=False, choices=choices, initial=initial, widget=UnfoldAdminSelectWidget
    )
