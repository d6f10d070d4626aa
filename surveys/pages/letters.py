"""Letters: what an email says as text and as HTML, from words that services chose."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string

from feedback_site.common.colours import DEFAULT_COLOUR
from feedback_site.common.public_pages import brand


def write_invitation(words: Mapping[str, Any]) -> tuple[str, str]:
    """Return the letter of an invitation as text and as HTML."""
    text = render_to_string("surveys/messages/invitation.txt", {**words}).strip() + "\n"
    colour = brand().colour or DEFAULT_COLOUR
    return text, render_to_string("surveys/messages/invitation.html", {**words, "colour": colour})
