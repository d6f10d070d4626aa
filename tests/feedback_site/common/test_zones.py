from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from feedback_site.accounts.models import Organisation, Team
from feedback_site.accounts.selectors import remember_organisation
from feedback_site.common.zones import company_zone, server_zone_name, validate_zone
from nps.models import Programme


def test_a_company_is_where_its_server_is_until_it_says_otherwise(settings):
    assert company_zone() == ZoneInfo(settings.TIME_ZONE) == ZoneInfo(server_zone_name())

    remember_organisation(Organisation(time_zone="America/New_York"))

    assert company_zone() == ZoneInfo("America/New_York")
    assert server_zone_name() == settings.TIME_ZONE


def test_new_teams_and_programmes_begin_with_the_companys_zone():
    remember_organisation(Organisation(time_zone="Europe/Berlin"))

    assert {Team().time_zone, Programme().time_zone} == {"Europe/Berlin"}


@pytest.mark.parametrize("model", [Team, Programme, Organisation])
def test_every_zone_that_staff_write_is_held_to_those_there_are(model):
    assert validate_zone in model._meta.get_field("time_zone").validators


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", "Europe", ""])
def test_a_zone_that_does_not_exist_is_refused_in_words(name):
    with pytest.raises(ValidationError, match="There is no such time zone"):
        validate_zone(name)
