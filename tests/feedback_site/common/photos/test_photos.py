import io
import struct
import zlib

import pytest
from PIL import Image

from feedback_site.common.photos import PhotoRefusedError, clean_photo, kind_of_content
from tests.factories.common.pictures import HEIC, MAKER, PDF, picture


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture(), "jpeg"),
        (picture("PNG"), "png"),
        (picture("WEBP"), "webp"),
        (HEIC, "heic"),
        (PDF, "pdf"),
        (b"", ""),
        (b"GIF89a" + b"\0" * 99, ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", ""),
        (b"MZ\x90\0" + b"\0" * 99, ""),
        (b"PK\x03\x04" + b"\0" * 99, ""),
        (b"%PDF-1.7 without an end", ""),
        (b"\0\0\0\x18ftypisom" + b"\0" * 99, ""),
    ],
    ids=range(12),
)
def test_a_file_is_what_its_first_bytes_say(content, kind):
    assert kind_of_content(content) == kind


@pytest.mark.parametrize(
    ("content", "kind", "becomes"),
    [
        (picture(), "jpeg", "jpeg"),
        (picture("PNG"), "png", "png"),
        (picture("WEBP"), "webp", "png"),
        (HEIC, "heic", "jpeg"),
    ],
    ids=range(4),
)
def test_a_picture_is_turned_upright_and_keeps_nothing_but_its_pixels(content, kind, becomes):
    before = Image.open(io.BytesIO(content)) if kind != "heic" else None
    assert MAKER[:10].encode() in content
    assert before is None or before.getexif().get_ifd(0x8825)

    new_kind, cleaned = clean_photo(content, kind=kind)

    after = Image.open(io.BytesIO(cleaned))
    assert (new_kind, after.format.lower(), after.size) == (becomes, becomes, (48, 64))
    assert dict(after.getexif()) == dict(after.getexif().get_ifd(0x8825)) == {}
    assert set(after.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not any(word in cleaned for word in (b"SECRET", b"Exif", b"GPS", b"ICC_PROFILE", b"xmp"))


def test_a_large_photo_becomes_as_large_as_a_screen_needs_it():
    _kind, cleaned = clean_photo(picture(size=(5000, 1000)), kind="jpeg")

    assert Image.open(io.BytesIO(cleaned)).size == (640, 3200)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that states to be as large as it likes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "kind", "reason"),
    [
        (bomb(60_000, 60_000), "png", "pixels"),
        (bomb(7_100, 7_100), "png", "pixels"),
        (picture()[:300], "jpeg", "broken"),
        (b"\xff\xd8\xff" + b"x" * 500, "jpeg", "broken"),
        (HEIC[:200], "heic", "broken"),
        (picture("PNG"), "jpeg", "broken"),
    ],
    ids=range(6),
)
def test_what_is_no_picture_or_too_much_of_one_is_refused(content, kind, reason):
    with pytest.raises(PhotoRefusedError) as refused:
        clean_photo(content, kind=kind)

    assert refused.value.reason == reason
