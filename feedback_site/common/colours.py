"""The colours that follow from the company's own, each legible where it stands (WCAG 2.2, 1.4.3)."""

import re

# The site's own, as in `public/page.css`.
DEFAULT_COLOUR = "#0b6b7f"
LEGIBLE = 4.5
# Of sRGB.
_LINEAR_UNTIL = 0.04045
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_WHITE, _BLACK = "#ffffff", "#0b0f10"
# What words stand on, as in `public/page.css`.
_GROUND, _DARK_CARD = "#f3f6f7", "#192427"


def is_colour(text: str) -> bool:
    """Whether this is a colour as we store it: `#` and six digits, small letters."""
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, relative luminance)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def carries_white(colour: str) -> bool:
    """Whether white words are legible on this colour, and words in it on white."""
    return contrast(colour, _WHITE) >= LEGIBLE


def palette(colour: str) -> str:
    """Return the rules that set the colours of pages to follow `colour`; none for the site's own.

    A colour that is legible on white only just is made a little darker, and lighter in the dark.
    """
    if not colour:
        return ""
    tint, dark_tint = _mixed(colour, _WHITE, 0.08), _mixed(colour, _DARK_CARD, 0.25)
    by_day = _legible(colour, on=(_GROUND, tint), toward=_BLACK)
    in_the_dark = _legible(colour, on=(_DARK_CARD, dark_tint), toward=_WHITE)
    return (
        f":root {{ --accent: {by_day}; --tint: {tint}; }} "
        f"@media (prefers-color-scheme: dark) {{ :root {{ --accent: {in_the_dark}; --accent-ink: {_BLACK}; "
        f"--tint: {dark_tint}; }} }}"
    )


def _legible(colour: str, *, on: tuple[str, ...], toward: str) -> str:
    """Return the nearest shade of `colour` that is legible on all of `on`."""
    shades = (_mixed(colour, toward, 1 - step / 50) for step in range(51))
    return next(shade for shade in shades if all(contrast(shade, ground) >= LEGIBLE for ground in on))


def _mixed(colour: str, ground: str, share: float) -> str:
    """Return `colour` laid over `ground`, so much of it as `share` says."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(one * share + other * (1 - share)):02x}" for one, other in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_UNTIL else ((channel + 0.055) / 1.055) ** 2.4
