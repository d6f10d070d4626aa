"""Sealed values, the keys they need, and blind indexes by which one contact is found and nothing else.

Any app may keep such columns; it names them when it is ready.
"""

from feedback_site.common.sealing.indexing import (
    CONTACT_COLUMNS,
    ContactColumn,
    ContactIndex,
    blind_index,
    contact_index,
    index_of_normalised,
    is_contact,
    known_forms,
    match_forms,
)
from feedback_site.common.sealing.normalising import (
    normalise_email,
    normalise_name,
    normalise_phone,
    takes_texts,
)
from feedback_site.common.sealing.sealed_columns import (
    SealedColumn,
    register_sealed_column,
    sealed_columns,
)
from feedback_site.common.sealing.seals import (
    SealBrokenError,
    reveal,
    reveal_bytes,
    seal,
    seal_bytes,
)

__all__ = [
    "CONTACT_COLUMNS",
    "ContactColumn",
    "ContactIndex",
    "SealBrokenError",
    "SealedColumn",
    "blind_index",
    "contact_index",
    "index_of_normalised",
    "is_contact",
    "known_forms",
    "match_forms",
    "normalise_email",
    "normalise_name",
    "normalise_phone",
    "register_sealed_column",
    "reveal",
    "reveal_bytes",
    "seal",
    "seal_bytes",
    "sealed_columns",
    "takes_texts",
]
