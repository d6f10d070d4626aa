"""Form fields for what only some types of question have, made from what each type declares."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
)

from feedback_site.questionnaires.document import Settings
from feedback_site.questionnaires.questions import QUESTION_CLASSES, Setting, SettingKind


def declared_settings() -> Iterator[tuple[str, str, Setting]]:
    """Yield form field, type and setting for every setting of every type."""
    for kind, question in QUESTION_CLASSES.items():
        for setting in question.settings_fields:
            yield f"{kind}_{setting.name}", kind, setting


def settings_form_fields() -> dict[str, forms.Field]:
    """Return the form fields by name."""
    return {name: _field(kind, setting) for name, kind, setting in declared_settings()}


def initial_settings(kind: str, stored: Settings) -> Mapping[str, object]:
    """Return what the form shows first.

    For the question's own type what is stored, for all others the usual.
    """
    return {
        name: _shown(setting, stored if one == kind else {}) for name, one, setting in declared_settings()
    }


def read_settings(form: forms.BaseForm, kind: str, stored: Settings) -> Settings:
    """Return what is to be stored of the chosen type's fields, and add an error to each that does not fit.

    Only the unusual is stored.
    """
    of_kind = [(name, setting) for name, one, setting in declared_settings() if one == kind]
    own = [(name, setting) for name, setting in of_kind if name in form.fields]
    values = {setting.name: _plain(form.cleaned_data.get(name), setting) for name, setting in own}
    for name, setting in own:
        value, lowest = values[setting.name], values.get(setting.not_below)
        if value is not None and value != setting.default and lowest is not None and value < lowest:
            form.add_error(name, _("This must not be below the other end."))
    declared = {setting.name for _name, _kind, setting in declared_settings()}
    others = {name: value for name, value in stored.items() if name not in declared}
    usual = {setting.name: setting.default for _name, setting in own}
    given = {name: value for name, value in values.items() if value is not None}
    return others | {name: value for name, value in given.items() if value != usual[name]}


def _field(kind: str, setting: Setting) -> forms.Field:
    common: dict[str, Any] = {
        "label": format_lazy("{} · {}", QUESTION_CLASSES[kind].label, setting.label),
        "required": False,
        "help_text": setting.help_text,
    }
    if setting.kind is SettingKind.CHOICE:
        return forms.TypedChoiceField(
            choices=[(str(value), label) for value, label in setting.choices],
            coerce=lambda raw: next((value for value, _label in setting.choices if str(value) == raw), raw),
            empty_value=setting.default,
            widget=UnfoldAdminSelectWidget,
            **common,
        )
    if setting.kind is SettingKind.SEVERAL:
        return forms.MultipleChoiceField(
            choices=setting.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget, **common
        )
    if setting.kind is SettingKind.DAY:
        return forms.DateField(widget=UnfoldAdminSingleDateWidget, **common)
    if setting.kind is SettingKind.DECIMAL:
        return forms.DecimalField(
            max_digits=15, decimal_places=4, widget=UnfoldAdminDecimalFieldWidget, **common
        )
    return forms.IntegerField(
        min_value=setting.lowest, max_value=setting.highest, widget=UnfoldAdminIntegerFieldWidget, **common
    )


def _shown(setting: Setting, stored: Settings) -> Any:
    value = stored.get(setting.name, setting.default)
    if setting.kind is SettingKind.DAY and value:
        return _day(value)
    return str(value) if setting.kind is SettingKind.CHOICE else value


def _day(value: str) -> date | str:
    """Return a day; what an import brought that is none, as it is, for its author to correct."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value


def _plain(value: Any, setting: Setting) -> Any:
    """Return a value as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return setting.default if value in (None, "", []) else value
