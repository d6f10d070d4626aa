"""The actions that the access log knows, the shape of ids by which other systems know staff, and colours.

Every app registers its actions when the site starts.
"""

import re

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from feedback_site.accounts.enums import AccessAction, ExternalIdProvider
from feedback_site.common.colours import carries_white, contrast, is_colour

# What the database accepts as an action.
ACTION_FORMAT = r"^[a-z][a-z_]{2,19}$"
# WeCom: up to 64 letters, digits and four signs, a letter or digit first.
_EXTERNAL_IDS = {ExternalIdProvider.WECOM: re.compile(r"[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}")}
_registered: dict[str, AccessAction] = {}


def may_be_external_id(provider: ExternalIdProvider, value: str) -> bool:
    """Return whether `provider` gives ids of this shape."""
    return _EXTERNAL_IDS[provider].fullmatch(value) is not None


def validate_brand_colour(text: str) -> None:
    """Refuse what is no colour, and colours on which white words are hard to read."""
    if not is_colour(text):
        raise ValidationError(_("Write the colour as # and six digits or letters a to f, like #0b6b7f."))
    if not carries_white(text):
        raise ValidationError(
            _(
                "White words on this colour are hard to read: their contrast is %(contrast).1f, and 4.5 is "
                "needed. Choose a darker colour."
            )
            % {"contrast": contrast(text, "#ffffff")}
        )


def register_access_actions(actions: type[AccessAction]) -> None:
    """Let the access log record and show the actions of one app.

    Raises `ImproperlyConfigured` where one cannot be stored or is another app's.
    """
    for action in actions:
        if not re.fullmatch(ACTION_FORMAT, action.value) or not action.label:
            message = f"The access log cannot store {action!r}."
            raise ImproperlyConfigured(message)
        if _registered.setdefault(action.value, action) is not action:
            message = f"{action!r} and {_registered[action.value]!r} share a name."
            raise ImproperlyConfigured(message)


def access_actions() -> list[AccessAction]:
    """Return every registered action."""
    return list(_registered.values())


def access_action(name: str) -> AccessAction | None:
    """Return the action that an entry names; none where the app that made the entry is gone."""
    return _registered.get(name)


def access_action_choices() -> list[tuple[str, str | Promise]]:
    """Return the registered actions with their words, for fields and filters."""
    return [(action.value, action.label) for action in access_actions()]
