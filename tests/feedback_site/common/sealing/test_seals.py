import uuid

import pytest

from feedback_site.common.exceptions import DomainError
from feedback_site.common.sealing import (
    SealBrokenError,
    blind_index,
    contact_index,
    index_of_normalised,
    reveal,
    seal,
)
from feedback_site.common.sealing.keys import id_of

PLACE = {"table": "customers_customer", "column": "phone", "row_id": uuid.UUID(int=1)}


def test_what_was_sealed_is_revealed_in_the_same_place():
    assert reveal(sealed=seal(value="王小明", **PLACE), **PLACE) == "王小明"


def test_the_same_value_is_sealed_differently_each_time():
    assert seal(value="王小明", **PLACE) != seal(value="王小明", **PLACE)


def test_a_sealed_value_names_its_layout_and_its_key(settings):
    settings.FIELD_ENCRYPTION_KEYS = ["newest", "middle", "oldest"]

    sealed = seal(value="x", **PLACE)

    assert sealed[:5] == bytes([2]) + id_of("newest")
    assert len(sealed) == 5 + 12 + 1 + 16


@pytest.mark.parametrize("keys", [["newest", "oldest"], ["newest", "middle", "oldest"], ["oldest", "newest"]])
def test_values_sealed_with_older_keys_stay_readable_whatever_the_list_becomes(settings, keys):
    settings.FIELD_ENCRYPTION_KEYS = ["oldest"]
    sealed = seal(value="王小明", **PLACE)
    settings.FIELD_ENCRYPTION_KEYS = keys

    assert reveal(sealed=sealed, **PLACE) == "王小明"


def test_dropping_the_oldest_key_shifts_no_id(settings):
    settings.FIELD_ENCRYPTION_KEYS = ["newest", "middle", "oldest"]
    sealed = seal(value="王小明", **PLACE)
    settings.FIELD_ENCRYPTION_KEYS = ["newest"]

    assert reveal(sealed=sealed, **PLACE) == "王小明"


@pytest.mark.parametrize("place_in_the_list", [0, 1, 9])
def test_a_value_of_the_first_layout_is_opened_whatever_place_it_states(settings, place_in_the_list):
    settings.FIELD_ENCRYPTION_KEYS = ["oldest"]
    sealed = bytes([1, place_in_the_list]) + seal(value="王小明", **PLACE)[5:]
    settings.FIELD_ENCRYPTION_KEYS = ["newest", "middle", "oldest"]

    assert reveal(sealed=sealed, **PLACE) == "王小明"


@pytest.mark.parametrize("other", [{"table": "other"}, {"column": "email"}, {"row_id": uuid.UUID(int=2)}])
def test_a_value_moved_to_another_place_cannot_be_opened(other):
    sealed = seal(value="王小明", **PLACE)

    with pytest.raises(SealBrokenError) as caught:
        reveal(sealed=sealed, **(PLACE | other))

    assert "王" not in str(caught.value)


@pytest.mark.parametrize(
    "damage",
    [
        lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]),
        lambda sealed: sealed[:5],
        lambda sealed: b"",
        lambda sealed: bytes([9]) + sealed[1:],
        lambda sealed: bytes([2, 1, 1, 1, 1]) + sealed[5:],
    ],
    ids=["a changed bit", "a short rest", "nothing", "an unknown layout", "an unknown key"],
)
def test_a_damaged_value_cannot_be_opened(damage):
    sealed = damage(seal(value="王小明", **PLACE))

    with pytest.raises(SealBrokenError):
        reveal(sealed=sealed, **PLACE)


def test_a_value_whose_key_is_gone_cannot_be_opened(settings):
    sealed = seal(value="王小明", **PLACE)
    settings.FIELD_ENCRYPTION_KEYS = ["another key"]

    with pytest.raises(SealBrokenError):
        reveal(sealed=sealed, **PLACE)


@pytest.mark.parametrize(
    "spelling",
    ["13812345678", "138-1234-5678", "+86 138 1234 5678", "0086 13812345678", "１３８１２３４５６７８"],
)
def test_every_spelling_of_a_number_has_one_index(spelling):
    assert blind_index(column="phone", value=spelling) == blind_index(column="phone", value="+8613812345678")


def test_every_spelling_of_an_address_has_one_index():
    assert blind_index(column="email", value=" Wang@Example.COM ") == blind_index(
        column="email", value="wang@example.com"
    )


def test_the_index_depends_on_the_column_the_value_and_the_key(settings):
    first = blind_index(column="phone", value="13812345678")

    assert first[:4] == id_of(settings.BLIND_INDEX_KEYS[0])
    assert len(first) == 4 + 32
    assert first != blind_index(column="phone", value="13812345679")
    settings.BLIND_INDEX_KEYS = ["another"]
    assert first != blind_index(column="phone", value="13812345678")


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Wang@EXAMPLE.com", "wang@example.com"),
        ("li@例子.中国", "li@xn--fsqu00a.xn--fiqs8s"),
        ("wang＠example.com", "wang@example.com"),
    ],
)
def test_capitals_full_width_signs_and_the_spelling_of_a_domain_make_no_other_address(written, same):
    one = index_of_normalised(column="email", value=written)

    assert one.current == index_of_normalised(column="email", value=same).current


def test_a_contact_is_found_under_every_key_and_locked_by_the_oldest(settings):
    settings.BLIND_INDEX_KEYS = ["oldest"]
    before = contact_index(column="phone", value="13812345678")
    settings.BLIND_INDEX_KEYS = ["newest", "oldest"]

    after = contact_index(column="phone", value="138 1234 5678")

    assert after.current != before.current
    # Rows of before, also those from when indexes did not name their key.
    assert {before.current, before.current[4:], after.current} <= set(after.known_as)
    assert after.lock == before.lock
    assert "138" not in repr(after)


@pytest.mark.parametrize(
    ("column", "value"), [("phone", "12"), ("phone", "abc"), ("phone", ""), ("email", "x@"), ("email", "")]
)
def test_what_cannot_be_a_contact_is_refused_by_field_without_repeating_it(column, value):
    with pytest.raises(DomainError) as caught:
        blind_index(column=column, value=value)

    assert caught.value.extra == {"field": column}
    assert not value or value not in str(caught.value)
