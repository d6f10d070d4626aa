"""What forms of drafts share: texts that a draft cannot do without, and keys that the site proposes."""

from typing import Any

from django.utils.translation import gettext as _


def need_texts(form: Any, *names: str) -> None:
    """Ask for `names` in one language at least; the rows of a draft may lack them."""
    for name in names:
        if name in form.fields:
            form.fields[name].required = True


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
