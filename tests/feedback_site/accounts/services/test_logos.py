import io

import pytest
from PIL import Image

from feedback_site.accounts.models import CompanyLogo
from feedback_site.accounts.services.logos import draw_logo, forget_logos, keep_logo
from feedback_site.common.exceptions import DomainError
from tests.factories.common.pictures import HEIC, MAKER, PDF, picture

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
NOT_TAKEN = "Please choose a PNG, JPEG or WebP picture. SVG files cannot be taken."


@pytest.mark.parametrize(("kind", "becomes"), [("PNG", "png"), ("JPEG", "jpeg"), ("WEBP", "png")])
def test_a_logo_is_drawn_again_and_small(kind, becomes):
    drawn = draw_logo(content=picture(kind, size=(900, 1200)))

    shown = Image.open(io.BytesIO(drawn.content))
    assert (drawn.kind, shown.format.lower(), shown.size) == (becomes, becomes, (400, 300))
    assert MAKER[:10].encode() not in drawn.content


def test_a_logo_keeps_what_can_be_seen_through():
    stream = io.BytesIO()
    Image.new("RGBA", (40, 20), (10, 20, 30, 0)).save(stream, "WEBP", lossless=True)

    shown = Image.open(io.BytesIO(draw_logo(content=stream.getvalue()).content))

    assert shown.getpixel((5, 5))[3] == 0


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (SVG, NOT_TAKEN),
        (HEIC, NOT_TAKEN),
        (PDF, NOT_TAKEN),
        (b"", NOT_TAKEN),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "This picture cannot be read. Please choose another one."),
        (b"\x89PNG" + b"\0" * 2_000_000, "The file is larger than 2 MB. Please choose a smaller one."),
    ],
    ids=range(6),
)
def test_what_is_no_small_picture_is_refused_in_words(content, refusal):
    with pytest.raises(DomainError) as refused:
        draw_logo(content=content)

    assert str(refused.value.message) == refusal


def test_a_logo_is_kept_once_under_its_digest(db, noon):
    first, second = (draw_logo(content=picture(colour=colour)) for colour in ((1, 2, 3), (200, 9, 9)))

    kept = [keep_logo(logo=logo, at=noon).digest for logo in (first, first, second)]

    assert kept[0] == kept[1] != kept[2]
    assert forget_logos(but={kept[2]}) == 1
    assert CompanyLogo.objects.get().digest == kept[2]
