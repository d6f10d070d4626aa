"""QR codes of addresses."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe

# A fifth of the code may be dirty or torn off.
_ERROR = "m"
_BORDER = 4  # modules of white that ISO/IEC 18004 asks for
_PIXELS = 24  # a module: a code of 10 cm prints sharply at 300 dpi


def draw_qr(address: str, *, title: object) -> SafeString:
    """Return a code as SVG that stands within a page and fills its box."""
    drawing = io.BytesIO()
    _code(address).save(drawing, kind="svg", xmldecl=False, border=_BORDER, omitsize=True, title=str(title))
    return mark_safe(drawing.getvalue().decode())  # noqa: S308 - paths drawn by segno; the address is in their shape only


def qr_file(address: str, *, kind: str) -> bytes:
    """Return a code as a file, `svg` or `png`."""
    drawing = io.BytesIO()
    _code(address).save(drawing, kind=kind, border=_BORDER, scale=_PIXELS)
    return drawing.getvalue()


def _code(address: str) -> segno.QRCode:
    return segno.make(address, error=_ERROR, micro=False)
