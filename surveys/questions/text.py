"""Free text, stored as it was written."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from surveys.questions.base import CompiledQuestion, InvalidAnswer, texts_of

MAX_LENGTH = 2000


def compile_question(content: Mapping[str, Any]) -> CompiledQuestion:
    """Compile a question answered in the customer's own words, at most `MAX_LENGTH` characters."""
    return CompiledQuestion(
        key=content["key"],
        metric=content["metric"],
        is_required=content["required"],
        texts=texts_of(content),
        template="surveys/questions/text.html",
        reader=_read,
        max_length=MAX_LENGTH,
    )


def _read(raw: str) -> str:
    # Browsers send line ends as CRLF but count one character each.
    written = raw.replace("\r\n", "\n")
    if "\x00" in written:
        raise InvalidAnswer(_("This text contains characters that cannot be stored. Please remove them."))
    if len(written) > MAX_LENGTH:
        message = _("Please shorten this text to %(most)s characters; it has %(length)s.")
        raise InvalidAnswer(message % {"most": MAX_LENGTH, "length": len(written)})
    return written
