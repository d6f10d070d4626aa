import os

import pytest


@pytest.mark.parametrize("text", ["x" * 1_000_000, b"x" * 201, "short"])
def test_a_test_of_a_long_text_has_a_short_name(request, text):
    name = text if text == "short" else f"text-of-{len(text)}"

    assert request.node.name.partition("@")[0].endswith(f"[{name}]")
    assert len(os.environ["PYTEST_CURRENT_TEST"]) < 300
