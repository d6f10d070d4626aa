"""CSV and XLSX files that other people wrote: read row by row, mapped to our fields.

Every row is taken in, or listed with its reason.
"""

from feedback_site.common.table_files.heading_rows import IsHeading
from feedback_site.common.table_files.importing import ImportCounts, RowProblem, import_in_chunks
from feedback_site.common.table_files.limits import COMMAND, UPLOAD, FileLimits
from feedback_site.common.table_files.mapping import (
    TableMapping,
    build_part,
    heading_word,
    object_at,
    refuse_unknown_fields,
)
from feedback_site.common.table_files.marks import SENTENCES, CellMark, has_lost_digits
from feedback_site.common.table_files.notes import NoteKind, TableNotes
from feedback_site.common.table_files.reading import FileRow, Table, clean_heading, open_table
from feedback_site.common.table_files.words import says_nothing

__all__ = [
    "COMMAND",
    "SENTENCES",
    "UPLOAD",
    "CellMark",
    "FileLimits",
    "FileRow",
    "ImportCounts",
    "IsHeading",
    "NoteKind",
    "RowProblem",
    "Table",
    "TableMapping",
    "TableNotes",
    "build_part",
    "clean_heading",
    "has_lost_digits",
    "heading_word",
    "import_in_chunks",
    "object_at",
    "open_table",
    "refuse_unknown_fields",
    "says_nothing",
]
