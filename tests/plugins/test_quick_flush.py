import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from tests.conftest import found_organisation
from tests.plugins.quick_flush import _delete_all_but, _rows_left


@pytest.fixture
def left(transactional_db) -> dict[str, str]:
    """What Django's own flush leaves."""
    call_command("flush", verbosity=0, interactive=False)
    return _rows_left()


def test_what_was_committed_goes_and_what_a_flush_leaves_stays(left):
    found_organisation()
    assert _rows_left() != left

    assert _delete_all_but(left)
    assert _rows_left() == left
    assert {table for table, rows in left.items() if rows} >= {
        "auth_permission",
        "auth_group",
        "django_content_type",
    }


def test_a_test_that_changes_what_a_flush_leaves_is_left_to_djangos_own(left):
    Group.objects.create(name="made by a test")

    assert not _delete_all_but(left)


def test_nothing_is_left_to_memory_before_the_first_flush(left):
    assert not _delete_all_but({})
