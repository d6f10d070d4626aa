"""Reads the body of a customer's form, within bounds."""

from urllib.parse import parse_qsl

from django.http import HttpRequest

# Two long texts of four-byte characters, percent-encoded, fit; more fields than this no questionnaire has.
MOST_BYTES = 64 * 1024
MOST_FIELDS = 200


class UnreadableForm(Exception):  # noqa: N818 - it names what arrived
    """A body that is no form of ours; `status` says how to reply."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def read_fields(request: HttpRequest) -> dict[str, list[str]]:
    """Return the values of each field in the order they came. Bytes that are no UTF-8 become U+FFFD. Raises UnreadableForm."""
    if _stated_length(request) > MOST_BYTES:
        raise UnreadableForm(413)
    if request.content_type not in {"application/x-www-form-urlencoded", ""}:
        raise UnreadableForm(415)
    fields: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)
    except (ValueError, OSError) as error:
        raise UnreadableForm(400) from error
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def _stated_length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError as error:
        raise UnreadableForm(400) from error
