"""The form that asks for a background export: format, and the filters that its kind of rows allows."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from feedback_site.accounts.models import User
from feedback_site.dashboards.enums import ExportFormat, ExportKind
from feedback_site.dashboards.services.exporting import SOURCES
from feedback_site.dashboards.services.exporting.filters import (
    choices_of,
    code_of,
    filter_label,
    is_by_credited_team,
)


class ExportRequestForm(forms.Form):
    """Choices are rows within the reader's scope; `filters()` gives them by code, as the API takes them."""

    format = forms.ChoiceField(
        label=_("Format"), choices=ExportFormat.choices, widget=UnfoldAdminSelectWidget
    )

    def __init__(self, *, kind: ExportKind, user: User, data: Mapping[str, Any]) -> None:
        super().__init__({"format": ExportFormat.CSV.value, **data})
        self.kind = kind
        for name in SOURCES[kind].filters:
            self.fields[name] = _field_of(kind, name, user)

    def filters(self) -> dict[str, str]:
        """Return the filters that were chosen, by code."""
        chosen = {name: self.cleaned_data.get(name) for name in SOURCES[self.kind].filters}
        return {name: _as_word(name, value) for name, value in chosen.items() if value}


def _field_of(kind: ExportKind, name: str, user: User) -> forms.Field:
    label = capfirst(filter_label(kind, name))
    if name in {"from", "to"}:
        return forms.DateField(
            label=label, required=False, widget=UnfoldAdminTextInputWidget(attrs={"type": "date"})
        )
    choices = SOURCES[kind].choices.get(name)
    if choices is not None:
        return forms.ChoiceField(
            label=label,
            required=False,
            choices=[("", _("All")), *choices.choices],
            widget=UnfoldAdminSelectWidget,
        )
    help_text = _("The teams below it count too.") if name == "team" else ""
    if is_by_credited_team(kind, name):
        help_text = _(
            "The team that did the work, even if another team sees it now. The teams below it count too."
        )
    return forms.ModelChoiceField(
        choices_of(name, user),
        label=label,
        required=False,
        empty_label=str(_("All")),
        widget=UnfoldAdminSelectWidget,
        help_text=help_text,
    )


def _as_word(name: str, value: Any) -> str:
    if name in {"from", "to"}:
        return str(value.isoformat())
    return value if isinstance(value, str) else code_of(name, value)
