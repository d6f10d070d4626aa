"""Which parser makes submissions of rows.

The API parses them and stands above, so it registers its parser here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, Protocol

from feedback_site.accounts.models import User
from feedback_site.common.table_files import FileLimits, FileRow, IsHeading, Table, open_table
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.services.submissions import EventSubmission


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """What a row says, what of it happened later by type, and what had to be left out.

    The last are sentences that name the columns.
    """

    submission: EventSubmission
    warnings: Sequence[str] = ()
    later: Mapping[TransitionType, datetime] = field(default_factory=dict)


class RowParser(Protocol):
    """Knows what the rows of one file say."""

    def __call__(self, rows: Sequence[FileRow], at: datetime, /) -> Sequence[ParsedRow | str]:
        """Return what each row says at present, or the sentence that says what is wrong with it."""

    def goes_on(self, row: FileRow, above: FileRow) -> bool:
        """Return whether a row belongs to the case of the one above it.

        Such rows are handed over together.
        """

    def column_of(self, name: str) -> str:
        """Return what the file calls a field."""

    def in_its_zone(self, moment: str) -> str:
        """Return a time in ISO 8601 in the zone of the file."""


class RowParserMaker(Protocol):
    """Makes the parser of one file."""

    def __call__(self, *, mapping: Mapping[str, Any], table: Table, principal: User | None) -> RowParser:
        """Return the parser.

        Raises `DomainError` where the mapping is wrong or does not fit the table's headings.

        With a principal, rows may name only teams within its scope, and nothing that is missing is made.
        """


HeadingTestMaker = Callable[[Mapping[str, Any]], IsHeading]

_makers: list[tuple[RowParserMaker, HeadingTestMaker]] = []


def register_row_parser(maker: RowParserMaker, heading_test: HeadingTestMaker) -> None:
    """State how rows are parsed and headings are known, once, when the app is ready."""
    _makers[:] = [(maker, heading_test)]


def make_row_parser(*, mapping: Mapping[str, Any], table: Table, principal: User | None) -> RowParser:
    """Return the parser of one file's rows."""
    ((maker, _heading_test),) = _makers
    return maker(mapping=mapping, table=table, principal=principal)


@contextmanager
def open_events(
    stream: BinaryIO, *, name: str, mapping: Mapping[str, Any], limits: FileLimits
) -> Iterator[Table]:
    """Give the table of a file, its headings found by what the mapping calls them.

    Raises `DomainError` as `open_table`.
    """
    ((_maker, heading_test),) = _makers
    with open_table(
        stream, name=name, encoding=encoding_of(mapping), limits=limits, is_heading=heading_test(mapping)
    ) as table:
        yield table


def encoding_of(mapping: Mapping[str, Any]) -> str:
    """Return the encoding that a mapping states, or an empty text."""
    stated = mapping.get("encoding", "")
    return stated if isinstance(stated, str) else ""
