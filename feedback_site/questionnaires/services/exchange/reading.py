"""The bytes of a definition's file, and back."""

import json
from collections import Counter
from typing import Never

from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.questionnaires.document import Document, write_document

MOST_BYTES = 2_000_000


def read_definition(data: bytes) -> object:
    """Return what a JSON file says.

    Raises `DomainError` where it is too large, no JSON, or says one key twice.
    """
    if len(data) > MOST_BYTES:
        raise DomainError(
            _("The file is larger than %(size)d MB.") % {"size": MOST_BYTES // 1_000_000}, {"limit": "size"}
        )
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        place = (
            _(" (line %(line)d)") % {"line": error.lineno} if isinstance(error, json.JSONDecodeError) else ""
        )
        raise DomainError(_("This is not a JSON file in UTF-8%(place)s.") % {"place": place}) from error


def write_definition(document: Document) -> bytes:
    """Return a document as the text of a file."""
    return (json.dumps(write_document(document), ensure_ascii=False, indent=2) + "\n").encode()


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        ((twice, _count),) = Counter(key for key, _value in pairs).most_common(1)
        raise DomainError(_("The file says “%(key)s” twice in one object.") % {"key": twice[:60]})
    return entries


def _refuse_constant(name: str) -> Never:
    raise ValueError(name)
