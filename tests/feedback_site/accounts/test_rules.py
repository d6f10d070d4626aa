"""The access log knows the actions that apps register, each with its words."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.db.models import TextChoices
from django.utils.translation import override

from feedback_site.accounts.enums import AccessAction, AccountAccess
from feedback_site.accounts.models import AccessLogEntry
from feedback_site.accounts.rules import (
    access_action,
    access_action_choices,
    access_actions,
    register_access_actions,
)


def action_named(name, words="something done"):
    return TextChoices("MadeUp", {"DONE": (name, words)})


def entry_of(action, noon):
    seals = {"previous_hash": b"1", "entry_hash": b"2"}
    return AccessLogEntry(at=noon, actor="user:1", action=action, subject_kind="user", **seals)


def test_every_action_of_the_site_is_registered_once_and_has_a_weight_and_words():
    stated = [action for kind in AccessAction.__subclasses__() for action in kind]

    assert {access_action(action.value) for action in access_actions()} == set(access_actions())
    assert sorted(access_actions()) == sorted(stated)
    assert {action.value: action.weight for action in access_actions() if action.weight != "info"} == {
        "contact_revealed": "warning",
        "file_opened": "warning",
        "factor_changed": "danger",
        "unlocked": "danger",
        "signed_out": "danger",
    }
    for name, words in access_action_choices():
        with override("en"):
            english = str(words)
        with override("zh-hans"):
            assert english != str(words), name


@pytest.mark.parametrize("name", ["ab", "Exported", "rows-exported", "r" * 21, "1st_export", ""])
def test_a_name_that_the_database_would_refuse_is_refused_at_the_start(name):
    with pytest.raises(ImproperlyConfigured, match="cannot store"):
        register_access_actions(action_named(name))


def test_an_action_without_words_is_refused_at_the_start():
    with pytest.raises(ImproperlyConfigured, match="cannot store"):
        register_access_actions(action_named("wordless", words=""))


def test_two_apps_cannot_share_a_name():
    with pytest.raises(ImproperlyConfigured, match="share a name"):
        register_access_actions(action_named(AccountAccess.EXPORTED.value))


def test_the_same_app_may_register_again():
    before = access_actions()

    register_access_actions(AccountAccess)

    assert access_actions() == before


@pytest.mark.parametrize("name", ["Exported", "a", "rows exported", "", "1st_export"])
def test_the_database_refuses_what_is_no_name_of_an_action(db, noon, name):
    entry = entry_of(name, noon)

    with pytest.raises(IntegrityError, match="accesslogentry_action_is_a_word"), transaction.atomic():
        entry.save()


def test_an_entry_of_an_app_that_is_gone_is_kept_and_shown(db, noon):
    entry = AccessLogEntry(
        at=noon,
        actor="user:1",
        action="from_before",
        subject_kind="user",
        previous_hash=b"1",
        entry_hash=b"2",
    )
    entry.save()

    assert entry.get_action_display() == "from_before"
    assert access_action("from_before") is None
