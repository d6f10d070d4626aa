"""What JSON Schema has against a value, in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _
from jsonschema.exceptions import ValidationError

from feedback_site.common.listing import listed
from feedback_site.questionnaires.services.exchange.schema import ADDRESS_OR_NONE


def sentence_of(error: ValidationError) -> str:
    """Return the sentence for an error of the schema."""
    words = {
        "limit": error.validator_value,
        "length": len(error.instance) if hasattr(error.instance, "__len__") else 0,
    }
    sentences = {
        "type": _("this must be %(kind)s.") % {"kind": _kind(words["limit"])},
        "enum": _("this must be one of: %(values)s.") % {"values": _listed(words["limit"])},
        "const": _("this must be “%(limit)s”.") % words,
        "maxLength": _("the text has %(length)s characters; at most %(limit)s fit.") % words,
        "minLength": _("the text is empty."),
        "maxItems": _("the list has %(length)s entries; at most %(limit)s fit.") % words,
        "minimum": _("the number is too low."),
        "maximum": _("the number is too high."),
        "pattern": _pattern(words["limit"]),
    }
    return sentences.get(str(error.validator)) or _("this does not fit the format.")


def _pattern(pattern: Any) -> str:
    if pattern == ADDRESS_OR_NONE:
        return _("this must be a web address that begins with https://.")
    return _("only letters, digits, - and _ may stand here, and at least one of them.")


def _listed(values: Any) -> str:
    return listed(str(value) for value in values) if isinstance(values, list) else str(values)


def _kind(name: Any) -> str:
    kinds = {
        "object": _("an object"),
        "array": _("a list"),
        "string": _("a text"),
        "integer": _("a whole number"),
        "number": _("a number"),
        "boolean": _("true or false"),
        "null": _("nothing"),
    }
    return " / ".join(kinds.get(str(one), str(one)) for one in (name if isinstance(name, list) else [name]))
