"""What forms with texts in two languages share.

One language is enough for a draft, publishing asks for both.
"""

from typing import Any

from django.utils.translation import gettext as _


def let_wait(form: Any, *names: str) -> None:
    """Do not ask for `names` in both languages at once."""
    for name in names:
        for language in ("en", "zh_hans"):
            if f"{name}_{language}" in form.fields:
                form.fields[f"{name}_{language}"].required = False


def ask_for_one_language(form: Any, *names: str) -> None:
    """Add an error to each of `names` that was written in no language."""
    for name in names:
        fields = [
            f"{name}_{language}" for language in ("zh_hans", "en") if f"{name}_{language}" in form.fields
        ]
        if fields and not any((form.cleaned_data.get(field) or "").strip() for field in fields):
            form.add_error(fields[0], _("Write this in at least one language."))


def propose_keys(form: Any, *, is_published: bool) -> None:
    """Leave the key of a part to the site unless its author has a better one; a published one stays."""
    field = form.fields.get("key")
    if field is None:
        return
    field.required = False
    field.widget.attrs.setdefault("placeholder", _("by itself"))
    if is_published:
        field.disabled = True
        field.help_text = _("Answers already use this ID, so it cannot be changed.")
