"""Draws a picture again in a process of its own, whose memory and time are bounded. Started by `photos`.

Standard input is the picture, the first argument what it says it is (`jpeg`, `png`, `webp`, `heic`),
the second the limits as JSON. Standard output is a line of JSON, `{"kind": ...}` or `{"error":
word}`, and then the new picture. It imports nothing of the site and is given none of its
secrets: decoders are written in C, and this is where a bug in one of them would be met.
"""

import io
import json
import resource
import sys
from typing import Any

_FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}


class PictureRefusedError(Exception):
    """The picture is over a limit; the word says which."""


def main() -> None:
    """Read standard input as a picture."""
    kind, limits = sys.argv[1], json.loads(sys.argv[2])
    _bound(limits)
    try:
        new_kind, picture = _draw_anew(sys.stdin.buffer.read(), kind, limits)
    except PictureRefusedError as refused:
        _write({"error": str(refused)})
    except MemoryError:
        _write({"error": "memory"})
    except Exception as error:  # noqa: BLE001 - whatever a broken picture raises, it is one
        _write({"error": "pixels" if type(error).__name__ == "DecompressionBombError" else "broken"})
    else:
        _write({"kind": new_kind}, picture)


def _bound(limits: dict[str, int]) -> None:
    for kind, wanted in ((resource.RLIMIT_AS, limits["memory"]), (resource.RLIMIT_CPU, limits["seconds"])):
        _soft, hard = resource.getrlimit(kind)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _draw_anew(data: bytes, kind: str, limits: dict[str, int]) -> tuple[str, bytes]:
    from PIL import Image, ImageOps  # noqa: PLC0415 - not before memory is bounded

    if kind == "heic":
        from pi_heif import register_heif_opener  # noqa: PLC0415 - the same

        register_heif_opener(thumbnails=False, decode_threads=1)
    Image.MAX_IMAGE_PIXELS = limits["pixels"]
    picture: Any = Image.open(io.BytesIO(data), formats=[_FORMATS[kind]])
    if picture.width * picture.height > limits["pixels"]:
        message = "pixels"
        raise PictureRefusedError(message)
    side = limits["side"]
    picture.draft(
        "RGB", (side, side)
    )  # a JPEG is decoded at half or a quarter of its size where that is enough
    ImageOps.exif_transpose(picture, in_place=True)
    picture.thumbnail((side, side))
    return _encode(picture, kind, limits)


def _encode(picture: Any, kind: str, limits: dict[str, int]) -> tuple[str, bytes]:
    """Write pixels and nothing else: no EXIF, no place, no comment, no profile, no thumbnail."""
    if kind in {"png", "webp"}:
        png = _plain(
            picture, "RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB"
        )
        written = _saved(png, format="PNG", compress_level=6)
        if len(written) <= limits["bytes"]:
            return "png", written
    return "jpeg", _saved(_plain(picture, "RGB"), format="JPEG", quality=85)


def _plain(picture: Any, mode: str) -> Any:
    plain = picture if picture.mode == mode else picture.convert(mode)
    plain.info = {}
    return plain


def _saved(picture: Any, **options: Any) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, **options)
    return stream.getvalue()


def _write(message: dict[str, str], picture: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(message).encode() + b"\n" + picture)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
