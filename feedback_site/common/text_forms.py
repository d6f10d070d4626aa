"""Forms for texts by language: an input for each language of the organisation, of which one is enough."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from feedback_site.common.languages import HTML_LANGUAGES, SUFFIXES, Language, organisation_languages
from feedback_site.common.text_values import Texts, refuse_texts


class TextsWidget(forms.Widget):
    """One input for each language of the organisation, named `<field>_<language>`."""

    def __init__(self, attrs: Mapping[str, Any] | None = None, *, rows: int = 1) -> None:
        super().__init__(dict(attrs or {}))
        self.rows = rows

    class Media:
        js = ("staff/texts.js",)

    def id_for_label(self, id_: str) -> str:
        """Return the first input's."""
        return _named(id_, organisation_languages()[0]) if id_ else ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        """Return what was written in the languages that the form has shown."""
        del files
        languages = organisation_languages()
        return {code.value: data[_named(name, code)] for code in languages if _named(name, code) in data}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Return whether the form has shown no language."""
        return not self.value_from_datadict(data, files, name)

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Write the inputs; of several each says its language, and the group says what they are for."""
        shared = self.build_attrs(self.attrs, dict(attrs or {}))
        group, invalid = shared.pop("group_label", ""), shared.pop("invalid_languages", frozenset())
        # Unfold binds a field to one value, which the inputs would share.
        shared = {name: value for name, value in shared.items() if not name.startswith("x-model")}
        languages, texts = organisation_languages(), value or {}
        if len(languages) > 1:
            # One language is enough, so no single input is needed.
            shared.pop("required", None)
        most = shared.get("maxlength")
        inputs = []
        for language in languages:
            text = texts.get(language.value, "")
            own = {**shared, "lang": HTML_LANGUAGES[language.value]}
            if "id" in own:
                own["id"] = _named(own["id"], language)
            if "aria-label" in own and len(languages) > 1:
                own["aria-label"] = f"{own['aria-label']} – {language.label}"
            if own.pop("aria-invalid", None) and (not invalid or language in invalid):
                own["aria-invalid"] = "true"
            box = self._box().render(_named(name, language), text, own, renderer)
            inputs.append(
                {"id": own.get("id"), "label": language.label, "box": box, "count": len(text), "most": most}
            )
        context = {"inputs": inputs, "group_label": group, "are_several": len(inputs) > 1}
        return mark_safe(render_to_string("common/texts.html", context))  # noqa: S308 - a template escapes

    def _box(self) -> Any:
        if self.rows > 1:
            return UnfoldAdminTextareaWidget(attrs={"rows": self.rows})
        return UnfoldAdminTextInputWidget()


class TextsBoundField(BoundField):
    """Tells the widget what its inputs are for, and which of them are wrong."""

    def build_widget_attrs(self, attrs: Any, widget: Any = None) -> dict[str, Any]:
        """Add the label, and the languages with an error of their own."""
        errors = self.form.errors.get(self.name) if self.form.is_bound else None
        wrong = {(error.params or {}).get("code") for error in errors.as_data()} - {None} if errors else set()
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        return {**built, "group_label": self.label, "invalid_languages": frozenset(wrong)}

    @cached_property
    def source_of_slug(self) -> SimpleNamespace:
        """The input that a slug is proposed from: English where it is written, for slugs are."""
        languages = organisation_languages()
        language = Language.ENGLISH if Language.ENGLISH in languages else languages[0]
        return SimpleNamespace(auto_id=_named(self.auto_id, language), name=_named(self.name, language))


class TextsFormField(forms.Field):
    """Texts by language; a required one needs one language of those that the organisation writes in."""

    widget = TextsWidget
    default_error_messages = {
        "required": _("Write this in at least one language."),
        "unknown": _("Unknown language: %(language)s."),
        "too_long": _("%(language)s: at most %(most)d characters; these are %(count)d."),
    }

    def __init__(self, *, max_length: int | None = None, **options: Any) -> None:
        self.max_length = max_length
        super().__init__(**options)

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        """Let the browser stop at the longest text."""
        return {**super().widget_attrs(widget), **({"maxlength": self.max_length} if self.max_length else {})}

    def get_bound_field(self, form: Any, field_name: str) -> BoundField:
        """Return the field as the form shows it."""
        return TextsBoundField(form, self, field_name)

    def clean(self, value: Any) -> dict[str, str]:
        """Return what was written, an empty text where one was taken away."""
        line = forms.CharField(required=False)
        cleaned = {code: line.clean(text) for code, text in (value or {}).items()}
        self.validate(Texts(cleaned))
        refuse_texts(cleaned, most=self.max_length, messages=self.error_messages)
        return cleaned

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether a text differs from what stood there."""
        before = Texts(initial or {})
        return before.with_changes(data or {}) != before


def source_of_slug(bound: Any) -> Any:
    """Return the field that a slug is proposed from, of texts the input of one language."""
    return bound.source_of_slug if isinstance(bound, TextsBoundField) else bound


def _named(name: str, language: Language) -> str:
    return f"{name}_{SUFFIXES[language.value]}"
