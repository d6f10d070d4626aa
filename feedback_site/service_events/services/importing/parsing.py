"""How rows become submissions is known further up, where what the API takes is parsed; here stands who may be asked."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from feedback_site.accounts.models import User
from feedback_site.common.table_files import FileRow
from feedback_site.service_events.services.submissions import EventSubmission

# Takes rows of one file and the present; returns the submission of each, or the sentence that says what is wrong with it.
RowParser = Callable[[Sequence[FileRow], datetime], Sequence[EventSubmission | str]]


class RowParserMaker(Protocol):
    """Makes the parser of one file."""

    def __call__(self, *, mapping: Mapping[str, Any], headings: list[str], principal: User | None) -> RowParser:
        """Return the parser; raises `DomainError` where the mapping is wrong or does not fit the headings.

        With a principal, rows may name only teams within its scope, and nothing that is missing is made.
        """


_makers: list[RowParserMaker] = []


def register_row_parser(maker: RowParserMaker) -> None:
    """State how rows are parsed, once, when the app is ready."""
    _makers[:] = [maker]


def make_row_parser(*, mapping: Mapping[str, Any], headings: list[str], principal: User | None) -> RowParser:
    """Return the parser of one file's rows."""
    (maker,) = _makers
    return maker(mapping=mapping, headings=headings, principal=principal)


def encoding_of(mapping: Mapping[str, Any]) -> str:
    """Return the encoding that a mapping states, or an empty text."""
    stated = mapping.get("encoding", "")
    return stated if isinstance(stated, str) else ""
