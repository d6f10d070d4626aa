"""What a type says of the rows of an XLSForm that become such a question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Words that two types share, told apart by the appearance.
XLSFORM_WORDS = frozenset({"text", "string", "q string", "add text prompt"})
XLSFORM_PICTURES = frozenset(
    {"image", "photo", "q image", "q picture", "add image prompt", "add photo prompt"}
)


@dataclass(frozen=True, slots=True)
class XlsformRow:
    """The words for a type in an XLSForm, in small letters.

    Of rows with one of them only those whose appearance holds `appearance`, where that is stated. `settings`
    are what such a row says by itself.
    """

    types: frozenset[str]
    appearance: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
