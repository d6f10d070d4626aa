"""The staff pages under another address: every link, form and redirect follows."""

import html
import re
from importlib import reload

import pytest
from django.test import Client
from django.urls import clear_url_caches, reverse, set_urlconf

from config import urls
from feedback_site.common.csp import STAFF_POLICY
from feedback_site.common.public_pages import security_policy
from tests.factories.accounts.second_factor import PASSWORD

pytestmark = pytest.mark.django_db
_LINKS = re.compile(r'(?:href|action|formaction|hx-get|src)="(/[^"]*)"')


@pytest.fixture
def moved(settings):
    """The staff pages under /desk/staff/."""

    def move(path):
        settings.ADMIN_PATH = path
        clear_url_caches()
        reload(urls)
        set_urlconf(None)

    before = settings.ADMIN_PATH
    move("desk/staff/")
    yield
    move(before)


def links(response) -> set[str]:
    return {html.unescape(address) for address in _LINKS.findall(response.content.decode())}


def test_every_page_of_the_menu_lives_below_the_other_address(moved, staff):
    client = Client(headers={"accept-language": "en"})
    entrance = client.get("/desk/staff/")
    signed_in = client.post(entrance["Location"], {"username": "root", "password": PASSWORD})
    home = client.get(signed_in["Location"])

    below = [address for address in links(home) if address.startswith("/desk/staff/")]
    pages = {address: client.get(address, follow=True) for address in below if "jsi18n" not in address}

    assert entrance["Location"] == "/desk/staff/login/?next=/desk/staff/"
    assert signed_in["Location"] == "/desk/staff/"
    assert home.status_code == 200
    assert len(pages) > 30
    assert {page.status_code for page in pages.values()} <= {200, 405}  # signing out is a POST
    everywhere = {address for page in [home, *pages.values()] for address in links(page)}
    assert (
        sorted(
            address
            for address in everywhere
            if not address.startswith(("/desk/staff/", "/static/", "/i18n/"))
        )
        == []
    )
    assert {page["Content-Security-Policy"] for page in pages.values()} == {STAFF_POLICY}


def test_the_usual_address_is_gone_and_the_second_step_moves_along(moved, staff, settings):
    settings.SECOND_FACTOR_ROLES = ["administrator"]
    client = Client()

    gone = client.get("/admin/login/")
    client.post("/desk/staff/login/", {"username": "root", "password": PASSWORD})

    assert (gone.status_code, gone["Content-Security-Policy"]) == (404, security_policy())
    assert client.get("/desk/staff/")["Location"] == "/desk/staff/sign-in/enrol/?next=%2Fdesk%2Fstaff%2F"
    assert reverse("dashboards:response-rates") == "/desk/staff/dashboards/response-rates/"
