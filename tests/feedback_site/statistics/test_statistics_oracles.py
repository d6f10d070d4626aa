"""Every number against values computed elsewhere: one test per case of each file in ORACLES_DIR."""

import json
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.factories.statistics.quantities import QUANTITIES

ORACLES_DIR = Path(os.environ.get("ORACLES_DIR") or Path(__file__).with_name("oracles"))
REFUSALS = {"error", "rejected", "raises", "invalid"}
NOT_A_NUMBER = {"NA", "NaN"}


def oracle_cases() -> Iterator[Any]:
    for path in sorted(ORACLES_DIR.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        for case in document["cases"]:
            yield pytest.param(document["quantity"], case, id=f"{path.stem}-{case['id']}")


def differences(expected: Any, actual: Any, tolerance: dict[str, Any], where: str) -> Iterator[str]:
    """Name every place where the result is not what the oracle says."""
    if where != "result" and is_empty(expected):
        if not is_empty(actual):
            yield f"{where}: expected nothing, got {actual}"
    elif isinstance(expected, dict):
        yield from mapping_differences(expected, actual, tolerance, where)
    elif isinstance(expected, list):
        if not isinstance(actual, list) or len(actual) != len(expected):
            yield f"{where}: expected {expected}, got {actual}"
            return
        for i, (wanted, got) in enumerate(zip(expected, actual, strict=True)):
            yield from differences(wanted, got, tolerance, f"{where}[{i}]")
    elif not is_equal(expected, actual, tolerance):
        yield f"{where}: expected {expected}, got {actual}"


def mapping_differences(
    expected: dict[str, Any], actual: Any, tolerance: dict[str, Any], where: str
) -> Iterator[str]:
    if not isinstance(actual, dict) or set(expected) - set(actual):
        yield f"{where}: expected keys {sorted(expected)}, got {actual}"
        return
    if where != "result" and set(actual) - set(expected):
        yield f"{where}: unexpected keys {sorted(set(actual) - set(expected))}"
    for key, value in expected.items():
        own = {**tolerance, "abs": tolerance[key]} if key in tolerance else tolerance
        yield from differences(value, actual[key], own, f"{where}.{key}")


def is_empty(value: Any) -> bool:
    """Say whether a value is null, not a number, or holds only such values (an interval of two nulls)."""
    if isinstance(value, list | dict):
        members = list(value.values()) if isinstance(value, dict) else value
        return bool(members) and all(map(is_empty, members))
    if isinstance(value, str):
        return value in NOT_A_NUMBER
    return value is None or (isinstance(value, float) and math.isnan(value))


def is_equal(expected: Any, actual: Any, tolerance: dict[str, Any]) -> bool:
    exact = tolerance.get("exact") or any(
        isinstance(value, bool | str | None) for value in (expected, actual)
    )
    if exact:
        return isinstance(expected, bool) == isinstance(actual, bool) and bool(expected == actual)
    return math.isclose(
        expected, actual, rel_tol=tolerance.get("rel", 0.0), abs_tol=tolerance.get("abs", 1e-9)
    )


@pytest.mark.parametrize(("quantity", "case"), list(oracle_cases()))
def test_the_result_equals_the_oracle(quantity: str, case: dict[str, Any]) -> None:
    assert quantity in QUANTITIES, f"no function answers {quantity!r}"
    expected = case["expected"]

    try:
        actual = QUANTITIES[quantity](case["inputs"])
    except ValueError:
        # Impossible input is refused: right only where the oracle has no number either.
        assert is_refusal(expected)
        return

    assert list(differences(expected, actual, case.get("tolerance", {}), "result")) == []


def is_refusal(expected: Any) -> bool:
    if not isinstance(expected, dict):
        return is_empty(expected)
    return (
        bool(REFUSALS & set(expected))
        or expected.get("valid") is False
        or all(map(is_empty, expected.values()))
    )


def test_there_are_oracles_to_run() -> None:
    assert list(oracle_cases()) != []


def test_a_wrong_number_is_noticed() -> None:
    found = list(differences({"nps": 41.0, "n": 3}, {"nps": 41.1, "n": 3}, {"abs": 1e-6}, "result"))

    assert found == ["result.nps: expected 41.0, got 41.1"]


def test_a_missing_result_is_noticed() -> None:
    assert list(differences({"nps": 41.0}, {"n": 3}, {"abs": 1e-6}, "result")) != []
    assert list(differences({"nps": 41.0}, {"nps": None}, {"abs": 1e-6}, "result")) != []
    assert list(differences({"nps": None}, {"nps": 0.0}, {"abs": 1e-6}, "result")) != []


def test_the_project_keeps_an_oracle_for_every_quantity() -> None:
    own = Path(__file__).with_name("oracles").glob("*.json")
    covered = {json.loads(path.read_text(encoding="utf-8"))["quantity"] for path in own}

    assert covered == set(QUANTITIES)
