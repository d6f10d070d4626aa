"""Letters: what an email says as text and as HTML, from words that services chose."""

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string


def write_invitation(words: Mapping[str, Any]) -> tuple[str, str]:
    """Return the letter of an invitation as text and as HTML."""
    text = render_to_string("surveys/messages/invitation.txt", {**words}).strip() + "\n"
    return text, render_to_string("surveys/messages/invitation.html", {**words})
