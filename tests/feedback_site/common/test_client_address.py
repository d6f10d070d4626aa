import pytest
from django.test import RequestFactory

from feedback_site.common.client_address import client_address


@pytest.mark.parametrize(
    ("proxies", "caller", "forwarded", "expected"),
    [
        (0, "203.0.113.1", "198.51.100.7", "203.0.113.1"),  # no person's word is taken
        (1, "10.0.0.1", "198.51.100.7", "198.51.100.7"),
        (1, "10.0.0.1", "1.1.1.1, 198.51.100.7", "198.51.100.7"),  # what the caller wrote stands left
        (2, "10.0.0.1", "1.1.1.1, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (2, "10.0.0.1", "198.51.100.7", "10.0.0.1"),  # not by way of both
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "unknown", "::"),
        (0, "", "", "::"),
        (0, "2001:DB8::1", "", "2001:db8::1"),
    ],
)
def test_only_trusted_proxies_say_where_a_request_came_from(settings, proxies, caller, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}

    assert client_address(RequestFactory(REMOTE_ADDR=caller, headers=headers).get("/")) == expected
