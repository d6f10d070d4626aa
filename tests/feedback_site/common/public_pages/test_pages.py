from datetime import UTC, datetime

import pytest
from django.utils import translation

from feedback_site.accounts.models import Organisation
from feedback_site.accounts.selectors import remember_organisation
from feedback_site.common.public_pages import brand, local_time


@pytest.mark.parametrize(
    ("zone", "written"),
    [("Asia/Shanghai", "May 2, 2026, 01:30"), ("America/New_York", "May 1, 2026, 13:30")],
)
def test_customers_read_times_in_the_companys_zone(zone, written):
    remember_organisation(Organisation(time_zone=zone))
    brand()

    with translation.override("en"):
        assert local_time(datetime(2026, 5, 1, 17, 30, tzinfo=UTC)) == written
