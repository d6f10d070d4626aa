"""Small pictures as phones take them: with a maker, a place, and turned by a note in their EXIF."""

import io
from pathlib import Path

from PIL import Image

MAKER = "SECRETMAKER"
HEIC = Path(__file__).with_name("phone.heic").read_bytes()  # its maker is SECRETMAKE, its place Beijing
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def picture(
    kind: str = "JPEG", *, size: tuple[int, int] = (64, 48), colour: tuple[int, int, int] = (200, 60, 40)
) -> bytes:
    """Return a picture that is to be turned by 90 degrees, with EXIF, a place and a comment."""
    image = Image.new("RGB", size, colour)
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = MAKER
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (39.0, 54.0, 12.0), "E", (116.0, 23.0, 29.0)
    stream = io.BytesIO()
    more = {"comment": MAKER.encode()} if kind == "JPEG" else {}
    image.save(stream, kind, exif=exif, **more)
    return stream.getvalue()
