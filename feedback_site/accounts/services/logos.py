"""Taking in the company's logo: a picture that is drawn again, small, and kept under its digest."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from feedback_site.accounts.enums import PictureKind
from feedback_site.accounts.models import CompanyLogo
from feedback_site.accounts.models.logo import MOST_LOGO_BYTES
from feedback_site.common.exceptions import DomainError
from feedback_site.common.photos import PhotoRefusedError, clean_photo, kind_of_content

MOST_UPLOADED = 2_000_000
_TAKEN = {"png", "jpeg", "webp"}
# Twice as high as pages show it, for sharp screens.
_SIDE = 400


@dataclass(frozen=True, slots=True)
class DrawnLogo:
    """A logo as it will be kept."""

    kind: PictureKind
    content: bytes


def draw_logo(*, content: bytes) -> DrawnLogo:
    """Return an uploaded logo drawn again: pixels alone, whatever else the file held.

    Raises `DomainError` for what is too large, no picture, or a picture that can hold scripts (SVG).
    """
    if len(content) > MOST_UPLOADED:
        raise DomainError(
            _("The file is larger than %(size)d MB. Please choose a smaller one.")
            % {"size": MOST_UPLOADED // 1_000_000}
        )
    kind = kind_of_content(content)
    if kind not in _TAKEN:
        raise DomainError(_("Please choose a PNG, JPEG or WebP picture. SVG files cannot be taken."))
    try:
        drawn, picture = clean_photo(content, kind=kind, side=_SIDE, most_bytes=MOST_LOGO_BYTES)
    except PhotoRefusedError as refused:
        if refused.reason == "busy":
            raise DomainError(_("Too many pictures are being read now. Please try again.")) from refused
        raise DomainError(_("This picture cannot be read. Please choose another one.")) from refused
    return DrawnLogo(PictureKind(drawn), picture)


def keep_logo(*, logo: DrawnLogo, at: datetime) -> CompanyLogo:
    """Keep a logo under its digest and return it; one that is kept already stays."""
    digest = hashlib.sha256(logo.content).hexdigest()[:32]
    kept, _is_new = CompanyLogo.objects.get_or_create(
        digest=digest, defaults={"content": logo.content, "kind": logo.kind, "uploaded_at": at}
    )
    return kept


def forget_logos(*, but: set[str]) -> int:
    """Delete all logos but these, and return how many."""
    deleted, _by_model = CompanyLogo.objects.exclude(digest__in=but).delete()
    return deleted
