"""The small files around an import."""

import json
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.common.listing import in_sequence, labelled
from feedback_site.common.spreadsheets import CsvWriter, XlsxWriter
from feedback_site.service_events.api.event_files.explaining import sample_rows
from feedback_site.service_events.models import EventImport


def sample_file(user: User, kind: str, *, in_chinese: bool, at: datetime) -> bytes:
    """Return a file (`csv` or `xlsx`) with two rows that `user` could import as it is."""
    stream = BytesIO()
    with CsvWriter(stream) if kind == "csv" else XlsxWriter(stream) as writer:
        writer.write_rows(sample_rows(user, in_chinese=in_chinese, at=at))
    return stream.getvalue()


def list_of_problems(event_import: EventImport) -> bytes:
    """Return the rows with a problem as CSV: line, reason, and what differs from what is on record."""
    stream = BytesIO()
    rows = event_import.problems.order_by("line").iterator()
    with CsvWriter(stream) as writer:
        writer.write_rows([[_("line number"), _("reason"), _("on record → in the file")]])
        writer.write_rows([row.line, row.sentence, _described(row.changes)] for row in rows)
    return stream.getvalue()


def _described(changes: dict[str, list[Any]]) -> str:
    return in_sequence(
        labelled(name, f"{_word(pair[0])} → {_word(pair[1])}") for name, pair in changes.items() if pair
    )


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
