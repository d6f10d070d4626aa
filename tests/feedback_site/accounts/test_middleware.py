import pytest
from django.http import HttpResponse
from django.utils import timezone

from feedback_site.accounts.middleware import CompanyZone
from feedback_site.accounts.models import Organisation
from feedback_site.accounts.selectors import forget_organisation, remember_organisation


@pytest.mark.parametrize(
    ("path", "zone"),
    [
        ("/admin/", "America/New_York"),
        ("/admin/dashboards/", "America/New_York"),
        ("/api/v1/metrics/response-rate/", "America/New_York"),
        ("/", "Asia/Shanghai"),
    ],
)
def test_staff_pages_and_the_api_are_in_the_companys_zone(rf, path, zone):
    remember_organisation(Organisation(time_zone="America/New_York"))

    said = CompanyZone(lambda _request: HttpResponse(timezone.get_current_timezone_name()))(rf.get(path))

    assert said.content.decode() == zone
    assert timezone.get_current_timezone_name() == "Asia/Shanghai"


def test_health_is_told_without_asking_the_database_for_a_zone(rf):
    forget_organisation()  # without the `db` fixture any statement fails this test

    assert CompanyZone(lambda _request: HttpResponse("well"))(rf.get("/health/")).content == b"well"
