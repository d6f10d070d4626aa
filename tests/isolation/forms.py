"""Fills in each form of the staff pages as a person would.

So that one field at a time can be tampered with.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from feedback_site.common.languages import SUFFIXES
from feedback_site.common.text_forms import TextsFormField
from tests.isolation.world import is_scoped


def shown_forms(page: Any) -> tuple[Any, list[Any]]:
    """Return the main form of an add or change page, and the formsets of its inlines."""
    context = page.context_data
    return context["adminform"].form, [inline.formset for inline in context["inline_admin_formsets"]]


def filled_in(page: Any) -> dict[str, Any]:
    """Return what a browser would post of the page, its empty required fields filled in."""
    form, formsets = shown_forms(page)
    data = _data_of(form)
    for formset in formsets:
        data |= _data_of(formset.management_form)
        for part in formset.initial_forms:
            data |= _data_of(part)
        data[f"{formset.prefix}-TOTAL_FORMS"] = formset.initial_form_count()
    return data


def choices_of_rows(page: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield each field that chooses among rows of teams.

    As its name in the post, its name in the form, and the model.
    """
    form, formsets = shown_forms(page)
    for part in [form, *(part for formset in formsets for part in formset.initial_forms)]:
        for name, field in part.fields.items():
            queryset = getattr(field, "queryset", None)
            if queryset is not None and is_scoped(queryset.model) and not _is_the_row_itself(part, name):
                yield part.add_prefix(name), name, queryset.model


def errors_of(page: Any) -> set[str]:
    """Return the names, as posted, of the fields with an error."""
    form, formsets = shown_forms(page)
    parts = [form, *(part for formset in formsets for part in formset.forms)]
    return {part.add_prefix(name) for part in parts for name in part.errors}


def _is_the_row_itself(part: Any, name: str) -> bool:
    """Inlines carry their own key and their parent's in hidden fields, which are tried apart."""
    return (
        isinstance(part.fields[name], forms.models.InlineForeignKeyField)
        or name == part._meta.model._meta.pk.name
    )


def _data_of(form: Any) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        value = _made_up(field, name) if value in (None, "", [], {}) and field.required else value
        data |= _as_posted(form.add_prefix(name), field, value)
    return data


def _as_posted(name: str, field: forms.Field, value: Any) -> dict[str, Any]:
    widget: Any = getattr(field.widget, "widget", field.widget)
    if isinstance(widget, forms.MultiWidget):
        parts = widget.decompress(value)
        return {
            f"{name}{suffix}": part
            for suffix, part in zip(widget.widgets_names, parts, strict=True)
            if part is not None
        }
    if isinstance(field, TextsFormField):
        return {f"{name}_{SUFFIXES[code]}": text for code, text in value.items()}
    if isinstance(field, forms.BooleanField):
        return {name: "on"} if value else {}
    if value is None:
        return {}
    if isinstance(value, list | tuple | set) or hasattr(value, "values_list"):
        return {name: [getattr(item, "pk", item) for item in value]}
    return {name: field.prepare_value(getattr(value, "pk", value))}


def _made_up(field: forms.Field, name: str) -> Any:  # noqa: PLR0911 - one line a kind of field
    if isinstance(field, forms.ModelMultipleChoiceField | forms.ModelChoiceField):
        row = field.queryset.first() if field.queryset is not None else None
        return [row] if isinstance(field, forms.ModelMultipleChoiceField) else row
    if isinstance(field, forms.ChoiceField):
        keys = [key for key, _label in field.choices if key]  # type: ignore[misc, union-attr]  # no groups here
        return keys[:1] if isinstance(field, forms.MultipleChoiceField) else keys[0]
    if isinstance(field, forms.SplitDateTimeField | forms.DateTimeField):
        return timezone.now() + timedelta(days=1)
    if isinstance(field, forms.DateField):
        return timezone.now().date() + timedelta(days=1)
    if isinstance(field, forms.IntegerField | forms.DecimalField | forms.FloatField):
        return field.min_value if field.min_value is not None else 1
    if isinstance(field, forms.EmailField):
        return "colleague@staff.example"
    if isinstance(field, TextsFormField):
        return {"en": f"x{name[:8]}"}
    return "correct-horse-battery-7" if "password" in name else f"x{name[:8].replace('_', '')}"
