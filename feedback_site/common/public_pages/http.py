"""Requests and replies of the public's pages: what those need of HTTP, and nothing that costs time.

Django's own classes read cookies, sessions, uploads and headers that
these pages never look at; building them took longer than the pages.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings

from feedback_site.common.public_pages import uploads

# Two long texts of four-byte characters, percent-encoded, fit; more fields than this no questionnaire has.
MOST_BYTES = 64 * 1024
MOST_FIELDS = 200


class UnreadableForm(Exception):  # noqa: N818 - it names what arrived
    """A body that is no form of ours; `status` says how to reply."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(eq=False)
class Request:
    """One request, over the WSGI `environ` it came with.

    `until`: the moment of `time.monotonic()` by which it has to be answered.
    """

    environ: Mapping[str, Any]
    until: float
    _body: bytes | None = field(default=None, repr=False)
    _form: "Form | None" = field(default=None, repr=False)

    @property
    def method(self) -> str:
        """The method, in capitals."""
        return str(self.environ["REQUEST_METHOD"]).upper()

    @property
    def path(self) -> str:
        """The path within the site, from its first slash on."""
        return str(self.environ["PATH_INFO"])

    @property
    def address(self) -> str:
        """The path and the query as they came, to be sent there again."""
        query = self.environ.get("QUERY_STRING", "")
        return f"{self.environ.get('SCRIPT_NAME', '')}{self.path}{'?' if query else ''}{query}"

    @property
    def is_secure(self) -> bool:
        """Whether it came by HTTPS, also by a proxy that says so (SECURE_PROXY_SSL_HEADER)."""
        if settings.SECURE_PROXY_SSL_HEADER:
            name, value = settings.SECURE_PROXY_SSL_HEADER
            stated = self.environ.get(name)
            if stated is not None:
                return str(stated).partition(",")[0].strip() == value
        return self.environ.get("wsgi.url_scheme") == "https"

    def header(self, name: str) -> str:
        """Return a header by its WSGI name without `HTTP_`, empty when it is missing."""
        return str(self.environ.get(f"HTTP_{name}", ""))

    def asked(self, name: str) -> str:
        """Return the last value of `name` in the query, empty when it is missing."""
        return self._query.get(name, "") if self.environ.get("QUERY_STRING") else ""

    @cached_property
    def _query(self) -> dict[str, str]:
        try:
            pairs = parse_qsl(
                self.environ["QUERY_STRING"],
                keep_blank_values=True,
                errors="replace",
                max_num_fields=MOST_FIELDS,
            )
        except ValueError:
            return {}
        return dict(pairs)

    def read_body(self) -> None:
        """Read what was sent, if it is no more than a form may have.

        Raises UnreadableForm when the sender stopped half-way.
        """
        length = self._stated_length()
        if self._body is not None or not 0 < length <= MOST_BYTES:
            return
        try:
            body = bytes(self.environ["wsgi.input"].read(length))
        except OSError as error:
            raise UnreadableForm(400) from error
        if len(body) < length:
            raise UnreadableForm(400)
        self._body = body

    @property
    def is_upload(self) -> bool:
        """Whether it sends a form with files."""
        return (
            str(self.environ.get("CONTENT_TYPE", "")).startswith("multipart/form-data")
            and self.method == "POST"
        )

    def read_upload(self, *, go_on: Callable[[], None] = lambda: None) -> None:
        """Read a form with files into memory, calling `go_on` with each step. Raises UnreadableForm.

        A phone may take a while to send: the time for the answer begins when all is here.
        """
        length = self._stated_length()
        if self._form is not None or length <= 0 or length > 4 * uploads.MOST_BYTES:
            return
        until = time.monotonic() + uploads.UPLOAD_SECONDS
        body = uploads.read_whole(self.environ["wsgi.input"], length, until=until, go_on=go_on)
        self.until = time.monotonic() + uploads.WORKING_SECONDS
        if body is None:
            raise UnreadableForm(400)
        if length > uploads.MOST_BYTES:
            raise UnreadableForm(413)
        try:
            self._form = Form(*uploads.parse(body, self.environ))
        except ValueError as error:
            raise UnreadableForm(400) from error

    def drop_upload(self) -> None:
        """Read a form with files that is not taken and drop it.

        Its sender then comes to read the reply.
        """
        with suppress(UnreadableForm):
            length = self._stated_length()
            if self._form is None and 0 < length <= 4 * uploads.MOST_BYTES:
                uploads.drop_whole(self.environ["wsgi.input"], length)

    def read_form(self) -> "Form":
        """Return the fields and the files that were sent.

        Only for pages that ask for files. Raises UnreadableForm.
        """
        if not self.is_upload:
            return Form(self.read_fields(), {})
        if self._stated_length() > 4 * uploads.MOST_BYTES:
            raise UnreadableForm(413)
        self.read_upload()
        form = self._form or Form({}, {})
        sizes = [len(value) for values in form.fields.values() for value in values]
        if len(sizes) > MOST_FIELDS:
            raise UnreadableForm(400)
        if sum(sizes) > MOST_BYTES:
            raise UnreadableForm(413)
        return form

    def read_fields(self) -> dict[str, list[str]]:
        """Return the values of each field in the order they came.

        Bytes that are no UTF-8 become U+FFFD. Raises UnreadableForm.
        """
        if self._stated_length() > MOST_BYTES:
            raise UnreadableForm(413)
        if self.environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() not in {
            "application/x-www-form-urlencoded",
            "",
        }:
            raise UnreadableForm(415)
        self.read_body()
        text = (self._body or b"").decode(errors="replace")
        fields: dict[str, list[str]] = {}
        try:
            pairs = parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)
        except ValueError as error:
            raise UnreadableForm(400) from error
        for name, value in pairs:
            fields.setdefault(name, []).append(value)
        return fields

    def _stated_length(self) -> int:
        try:
            return int(self.environ.get("CONTENT_LENGTH") or 0)
        except ValueError as error:
            raise UnreadableForm(400) from error


@dataclass(frozen=True, slots=True)
class Form:
    """What a form sent: the values of each field, and its files."""

    fields: dict[str, list[str]]
    files: Mapping[str, Sequence[uploads.Upload]]


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, a page, and headers beside those that every reply has.

    `policy` is set where the page has a style of its own.
    """

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    policy: str = ""


# `HTTPStatus(404).phrase` takes longer than a look into a table.
STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
