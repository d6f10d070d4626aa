"""Uploaded files, sealed in the database, where every worker finds them.

They are kept only while they are needed.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from feedback_site.common.sealing import reveal_bytes, seal_bytes
from feedback_site.service_events.models import EventImport, EventImportPart

_PART_BYTES = 1_000_000
_PLACE = {"table": "service_events_eventimportpart", "column": "content"}


def keep_file(event_import: EventImport, stream: BinaryIO) -> None:
    """Store the file of an import."""
    stream.seek(0)
    number = 0
    while piece := stream.read(_PART_BYTES):
        part = EventImportPart(event_import=event_import, number=number)
        part.content_sealed = seal_bytes(value=piece, row_id=part.pk, **_PLACE)
        part.save(force_insert=True)
        number += 1


@contextmanager
def kept_file(event_import: EventImport) -> Iterator[BinaryIO]:
    """Give the file of an import, as a file without a name that is gone after the block."""
    with tempfile.TemporaryFile() as stream:
        for part in event_import.parts.order_by("number").iterator(chunk_size=1):
            stream.write(reveal_bytes(sealed=bytes(part.content_sealed), row_id=part.pk, **_PLACE))
        yield stream


def remove_file(event_import: EventImport) -> None:
    """Forget the file of an import, and which customers it named."""
    event_import.parts.all().delete()
    event_import.customers.all().delete()
