"""Recognises files by their first bytes, and has pictures drawn again by a process of its own."""

import json
import subprocess
import sys
import threading
from pathlib import Path

_SCRIPT = Path(__file__).with_name("photo_process.py")
# Fifty million points: more than phones take, and 150 MB of
# memory. What is kept has at most `side` of them along an edge.
_LIMITS = {"pixels": 50_000_000, "side": 3200, "bytes": 5_000_000, "memory": 1_000_000_000, "seconds": 5}
_SECONDS, _PATIENCE_SECONDS = 6.0, 5.0
# Each takes a core and some hundred megabytes for about a second.
_AT_ONCE = threading.BoundedSemaphore(2)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_END_OF_PDF = 1024


class PhotoRefusedError(Exception):
    """A picture that cannot be kept.

    `reason` says why: `broken`, `pixels`, `memory`, `time` or `busy`, the last of which passes.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def kind_of_content(content: bytes) -> str:
    """Return `jpeg`, `png`, `webp`, `heic` or `pdf` by what the content says of itself.

    Empty where it is none of them. Names are not looked at.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return "heic"
    is_pdf = content.startswith((b"%PDF-1.", b"%PDF-2.")) and b"%%EOF" in content[-_END_OF_PDF:]
    return "pdf" if is_pdf else ""


def clean_photo(
    content: bytes, *, kind: str, side: int = _LIMITS["side"], most_bytes: int = _LIMITS["bytes"]
) -> tuple[str, bytes]:
    """Return the picture drawn again, upright and without anything but its pixels.

    It has at most `side` points along an edge; one with more than `most_bytes` as PNG becomes a JPEG.
    Returns (`jpeg` or `png`, bytes). Raises PhotoRefusedError.
    """
    limits = json.dumps({**_LIMITS, "side": side, "bytes": most_bytes})
    if not _AT_ONCE.acquire(timeout=_PATIENCE_SECONDS):
        raise PhotoRefusedError("busy")  # noqa: EM101 - a word
    try:
        done = subprocess.run(  # noqa: S603 - our own script, our own arguments
            [sys.executable, "-I", str(_SCRIPT), kind, limits],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PhotoRefusedError("time") from None  # noqa: EM101 - a word
    finally:
        _AT_ONCE.release()
    line, _newline, picture = done.stdout.partition(b"\n")
    said = json.loads(line) if line else {"error": "memory"}
    if "error" in said:
        raise PhotoRefusedError(said["error"])
    return said["kind"], picture
