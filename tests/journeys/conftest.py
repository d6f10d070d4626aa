import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import User
from feedback_site.accounts.services import create_api_key
from feedback_site.common.clock import database_now
from feedback_site.conservation.running import run_checks
from feedback_site.demo.organisation import load_organisation, publish_samples
from feedback_site.demo.staff import new_password, set_up_staff
from tests.factories.browser import launched_browser
from tests.journeys.database import own_database
from tests.journeys.site import Site


@pytest.fixture(scope="package")
def site(request, django_db_modify_db_settings, django_db_blocker, tmp_path_factory) -> Iterator[Site]:
    """The sample organisation without history, on a running site; shared by all journeys."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with django_db_blocker.unblock(), own_database(f"journeys_{worker}_{os.getpid()}") as database_url:
        load_organisation()
        password = new_password()
        set_up_staff(password=password)
        publish_samples(by=User.objects.get(username="surveys"), at=database_now())
        _key, api_key = create_api_key(name="crm", grants=list(Grant))
        site = Site(
            database_url=database_url,
            folder=tmp_path_factory.mktemp("journeys"),
            api_key=api_key,
            password=password,
        )
        with site.running():
            yield site


@pytest.fixture(autouse=True)
def _everything_adds_up(site) -> Iterator[None]:
    """The end of every journey: nothing was lost, doubled or miscounted on the way."""
    yield
    assert [(result.check.slug, result.faults) for result in run_checks() if not result.is_ok] == []


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with launched_browser() as browser:
        yield browser
