import pytest

from surveys.services.links.tokens import hash_token, newest_key_id, token_of


def test_dropping_the_oldest_key_shifts_no_id(make_link, settings):
    settings.TOKEN_KEYS = ["newer", "older"]
    invited = make_link()
    settings.TOKEN_KEYS = ["newest", "newer"]

    assert token_of(invited.invitation) == invited.token
    settings.TOKEN_KEYS = ["newest"]
    with pytest.raises(LookupError):
        token_of(invited.invitation)


def test_a_link_of_before_ids_is_known_by_its_hash_whatever_the_list_became(make_link, settings):
    settings.TOKEN_KEYS = ["newer", "older"]
    invited = make_link()
    # Second from the end of a list whose last key has gone since.
    invited.invitation.token_key_id = 1
    settings.TOKEN_KEYS = ["newest", "newer"]

    assert token_of(invited.invitation) == invited.token
    assert hash_token(invited.token) == invited.invitation.token_hash


def test_ids_fit_their_column_and_differ(settings):
    ids = []
    for key in ("one", "two", "three"):
        settings.TOKEN_KEYS = [key]
        ids.append(newest_key_id())

    assert len(set(ids)) == 3
    assert all(256 <= number < 32768 for number in ids)
