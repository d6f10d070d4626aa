"""A field that people do not see (`public/trap.html`) and programs fill in."""

from collections.abc import Mapping, Sequence

TRAP = "website"


def is_trapped(fields: Mapping[str, Sequence[str]]) -> bool:
    """Return whether the hidden field was filled in.

    Some browsers do that too: say so and let the form be sent again.
    """
    return any(value.strip() for value in fields.get(TRAP, ()))
