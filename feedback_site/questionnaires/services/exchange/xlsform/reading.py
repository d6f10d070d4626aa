"""The sheets of an XLSForm, read by a process of its own.

However large the workbook is, it takes neither the memory nor the time of this one.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.common.table_files.child import as_file, running
from feedback_site.common.table_files.limits import UPLOAD
from feedback_site.questionnaires.document import Json

_SCRIPT = Path(__file__).with_name("process.py")
# Forms are small; what is larger is no form.
LIMITS = replace(UPLOAD, rows=5_000, child_seconds=20)
_ZIP, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def is_workbook(head: bytes) -> bool:
    """Say whether a file that begins so is an Excel workbook, of the new kind or the old."""
    return head.startswith((_ZIP, _OLD_WORKBOOK))


def read_sheets(stream: BinaryIO) -> Json:
    """Return the sheets of a workbook as `process` describes them.

    Raises `DomainError` with the reason where there are none.
    """
    if stream.seek(0, 2) > LIMITS.size:
        raise DomainError(
            _("The file is larger than %(size)d MB.") % {"size": LIMITS.size // 1_000_000}, {"limit": "size"}
        )
    stream.seek(0)
    if not is_workbook(stream.read(4)):
        raise DomainError(_("This is not an Excel workbook (.xlsx or .xls)."))
    with as_file(stream) as file, running(_SCRIPT, file, LIMITS) as output:
        line = output.readline()
    answer: Json = json.loads(line) if line.endswith(b"\n") else {"error": "time"}
    if "error" in answer:
        raise DomainError(_refusal(answer), {"limit": answer["error"]})
    return answer


def _refusal(answer: Json) -> str:
    megabytes = {"size": LIMITS.unpacked // 1_000_000}
    sentences = {
        "survey": _("This workbook has no sheet “survey” with questions: it is not an XLSForm."),
        "entries": _("This workbook has too many parts."),
        "unpacked": _("Unpacked, this workbook is larger than %(size)d MB.") % megabytes,
        "ratio": _("This workbook unpacks to more than %(ratio)d times its size.") % {"ratio": LIMITS.ratio},
        "rows": _("A sheet has more than %(rows)s rows.") % {"rows": f"{LIMITS.rows:,}"},
        "entities": _("This workbook declares entities, which no spreadsheet program does."),
        "memory": _("This workbook takes too much memory or time to read."),
        "time": _("This workbook takes too much memory or time to read."),
    }
    fallback = _("This workbook cannot be read: %(reason)s") % {
        "reason": answer.get("words") or answer.get("kind", "")
    }
    return sentences.get(answer["error"], fallback)
