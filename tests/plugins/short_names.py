"""Names a test of a long text by its length.

Names are sent between processes with each result, and lie in the environment of each test.
"""

import pytest

LONGEST = 200


@pytest.hookimpl(tryfirst=True)
def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Return a short name for a long text; None for all else, which pytest names."""
    if isinstance(val, str | bytes) and len(val) > LONGEST:
        return f"{argname}-of-{len(val)}"
    return None
