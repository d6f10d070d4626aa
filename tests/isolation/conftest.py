"""One world for a module: written once, and every test leaves it as it found it."""

import gc
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test.utils import override_settings

from tests.conftest import found_organisation
from tests.isolation.asking import forget, matrix_settings, remembering_app_lists, undoing
from tests.isolation.world import World, build_world


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Keep a module in one process, which writes its world once."""
    for item in items:
        if item.path.parent.name == "isolation" and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(f"isolation-{item.path.stem}"))


@pytest.fixture(scope="module")
def standing_world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """Five places with one case each, in a transaction that outlives the single test.

    Exports lie in a folder of their own.
    """
    changes = matrix_settings(settings) | {"EXPORT_DIR": tmp_path_factory.mktemp("exports")}
    with (
        override_settings(**changes),
        remembering_app_lists(),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        yield build_world(found_organisation())
        transaction.set_rollback(True)


@pytest.fixture
def world(standing_world: World, db: None) -> Iterator[World]:
    """The world for one test: what the test writes is undone."""
    logging.disable(logging.CRITICAL)  # thousands of refusals are expected
    gc.disable()
    with undoing.watching():
        yield standing_world.copy()
    forget()
    gc.enable()
    logging.disable(logging.NOTSET)
