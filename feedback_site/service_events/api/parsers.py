import io
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """JSON whose nesting is bounded: endless brackets are a bad request, not a server error.

    So are names with half a character in them, which no reply could repeat; texts with one are refused at their field.
    """

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """Parse the body."""
        body: bytes = stream.read()
        try:
            parsed = super().parse(io.BytesIO(body), media_type, dict(parser_context or {}))
        except RecursionError:
            raise ParseError(_("This is nested too deeply.")) from None
        # UTF-8 has no halves: they come in escaped or not at all.
        if (rb"\ud" in body or rb"\uD" in body) and not _has_sound_names(parsed):
            raise ParseError(_("A name contains characters that cannot be stored."))
        return parsed


def _has_sound_names(parsed: Any) -> bool:
    """Say whether all names of objects can be written, however deep they stand."""
    left = [parsed]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            if any("\ud800" <= character <= "\udfff" for name in value for character in name):
                return False
            left.extend(value.values())
        elif isinstance(value, list):
            left.extend(value)
    return True
