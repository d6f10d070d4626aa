"""The words of a row as fields take them, in either language.

These are flags, labels of enumerations and names of reference rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from feedback_site.common.listing import listed
from feedback_site.common.table_files.words import ABSENCE, choices_by_word, flag, plain, unique_names
from feedback_site.service_events.api.serializers import CustomerInput, ServiceEventInput
from feedback_site.service_events.selectors.events import References

CONSENT = "consent."
_FIELDS: dict[str, serializers.Field[Any, Any, Any, Any]] = {
    **ServiceEventInput().fields,
    **{f"customer.{name}": field for name, field in CustomerInput().fields.items()},
}
_FLAGS = frozenset(name for name, field in _FIELDS.items() if isinstance(field, serializers.BooleanField))
_CHOICES = {
    name: choices_by_word(field.choices.items())
    for name, field in _FIELDS.items()
    if isinstance(field, serializers.ChoiceField)
}
_NAMED = {"kind": "kinds", "channel": "channels", "team": "teams", "customer.segment": "segments"}


@dataclass(frozen=True)
class RowWords:
    """The reference rows of one chunk by what files may call them.

    That is a slug or code, or a name in either language that only one row has.
    """

    codes: Mapping[str, Mapping[str, str]]
    shared: Mapping[str, Mapping[str, list[str]]]

    def read(self, name: str, value: str) -> str:
        """Return a value as its field takes it.

        A value that is not understood comes back as it was, for the field to refuse.
        """
        if name in _FLAGS:
            return flag(value)
        if name.startswith(CONSENT):
            return value if plain(value) in ABSENCE else flag(value)
        if name in _CHOICES:
            return _CHOICES[name].get(plain(value), value)
        return self.codes.get(name, {}).get(plain(value), value)

    def refusal(self, name: str, value: str) -> str:
        """Return what is wrong where a name means several rows, or an empty text."""
        codes = self.shared.get(name, {}).get(plain(value), [])
        return (
            _("Several have this name: write the code instead. Codes are: %(codes)s")
            % {"codes": listed(codes)}
            if codes
            else ""
        )


def words_of(references: References) -> RowWords:
    """Return the words for the reference rows that a file may name."""
    codes: dict[str, Mapping[str, str]] = {}
    shared: dict[str, Mapping[str, list[str]]] = {}
    for name, table in _NAMED.items():
        rows: Mapping[str, Any] = getattr(references, table)
        found, shared[name] = unique_names((code, tuple(row.names.values())) for code, row in rows.items())
        # A code is its own word whatever others are called.
        codes[name] = {
            **found,
            **unique_names((code, (code,)) for code in rows)[0],
            **{code: code for code in rows},
        }
        shared[name] = {word: named for word, named in shared[name].items() if word not in codes[name]}
    return RowWords(codes, shared)
