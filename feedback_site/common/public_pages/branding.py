"""What the company calls itself on customers' pages, and pages that are kept until it changes that.

An app further up states at its start how the names are read; without it pages show the site's own words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from feedback_site.common.text_values import Texts

_Parameters = ParamSpec("_Parameters")
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Brand:
    """What the company states of itself: its languages and its name in them, its zone, its logo's digest."""

    names: tuple[tuple[str, str], ...] = ()
    hotline: str = ""
    time_zone: str = ""
    colour: str = ""
    logo: str = ""
    languages: tuple[str, ...] = ()

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone in which pages write times; none: the server's."""
        return ZoneInfo(self.time_zone) if self.time_zone else None

    def name_in(self, language: str) -> str:
        """Return the name for readers of `language`, empty where the company has stated none."""
        return Texts(self.names).in_language(language)


_readers: list[Callable[[], Brand]] = []
_read_last = [Brand()]


def provide_brand(read: Callable[[], Brand]) -> None:
    """State how the brand is read; the latest statement holds."""
    _readers[:] = [read]


def brand() -> Brand:
    """Read the brand."""
    if _readers:
        _read_last[:] = [_readers[0]()]
    return _read_last[0]


def brand_at_hand() -> Brand:
    """Return the brand as it was read last: needs no database, as pages that say what went wrong must not."""
    return _read_last[0]


def keep_pages(
    most: int, *, read: Callable[[], Brand] = brand
) -> Callable[[Callable[_Parameters, _Made]], Callable[_Parameters, _Made]]:
    """Keep up to `most` pages that a function makes, as long as the brand stays what it is."""

    def decorate(make: Callable[_Parameters, _Made]) -> Callable[_Parameters, _Made]:
        @lru_cache(maxsize=most)
        def kept(_brand: Brand, /, *args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Made:
            return make(*args, **kwargs)

        @wraps(make)
        def keeping(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Made:
            # Whether all is hashable, `lru_cache` says when it is called.
            return kept(read(), *args, **kwargs)  # type: ignore[arg-type]

        return keeping

    return decorate
