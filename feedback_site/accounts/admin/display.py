"""Labels and headers that look alike in lists and on read-only pages; Unfold renders them in lists only."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold import decorators
from unfold.utils import display_for_label


class _Label(tuple[Any, ...]):
    """`(state, text)` of a label; `colours` maps states to colours."""

    __slots__ = ()
    colours: Any = None

    def __html__(self) -> SafeString:
        return SafeString(display_for_label(tuple(self), "-", self.colours))


class _Header(tuple[Any, ...]):
    """`(first line, second line)` of a header."""

    __slots__ = ()

    def __html__(self) -> SafeString:
        first, *others = filter(None, (text for text in self if isinstance(text, str)))
        return (
            format_html("{}<br><small>{}</small>", first, " ".join(others))
            if others
            else format_html("{}", first)
        )


def display(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a method as Unfold's `display` does; tuples keep their look outside lists too."""
    colours = options.get("label")
    label = type("_ColouredLabel", (_Label,), {"__slots__": (), "colours": colours})

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def shown(*arguments: Any) -> Any:
            value = method(*arguments)
            if not isinstance(value, tuple | list):
                return value
            if options.get("header"):
                return _Header(value)
            if isinstance(colours, dict) and value[0] not in colours:
                return value[1]  # a state without a colour still reads as its text, not as its code
            return label(value) if colours else value

        return decorators.display(**options)(shown)

    return decorate
