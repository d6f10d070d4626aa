"""CSV and XLSX files somebody else wrote: read row by row, mapped to our fields, every row taken in or listed with its reason."""

from feedback_site.common.table_files.importing import ImportCounts, RowProblem, import_in_chunks, sentences_of
from feedback_site.common.table_files.mapping import TableMapping, build_part, object_at, refuse_unknown_fields
from feedback_site.common.table_files.reading import FileRow, read_rows

__all__ = [
    "FileRow",
    "ImportCounts",
    "RowProblem",
    "TableMapping",
    "build_part",
    "import_in_chunks",
    "object_at",
    "read_rows",
    "refuse_unknown_fields",
    "sentences_of",
]
