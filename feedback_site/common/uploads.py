"""What may be sent to this site in one piece."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# Well above what any form takes, so that the form can say in words what is too large for it.
MOST_BYTES = 25_000_000


class BoundedUploadHandler(FileUploadHandler):
    """The first upload handler: refuses a body that says it is too large (400).

    It does so before a byte of the body is stored.
    """

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ARG002 - Django's signature
        META: Mapping[str, Any],  # noqa: ARG002, N803 - Django's signature
        content_length: int,
        *_args: Any,
        **_options: Any,
    ) -> None:
        """Refuse a body that says it is too long, before it is read."""
        if content_length > MOST_BYTES:
            message = "The body of the request is too large."
            raise RequestDataTooBig(message)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django's signature
        """Hand the data on to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002 - Django's signature
        """Leave the file to the next handler."""
        return
