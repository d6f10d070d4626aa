from dataclasses import replace
from datetime import timedelta

import pytest

from surveys.selectors.open_questionnaires import find_place
from surveys.services.open_questionnaires.answering import mark_device
from tests.factories.surveys.opened import open_at

pytestmark = pytest.mark.django_db

PHONE = {"address": "203.0.113.7", "browser": "Phone"}


@pytest.fixture
def place(organisation, published, noon):
    found = find_place(open_at(organisation, published).code)
    assert found is not None
    return replace(found, at=noon)


def test_a_device_has_one_mark_a_day_and_place_and_another_on_the_next(place):
    mark = mark_device(place=place, signals=PHONE)

    assert mark == mark_device(place=replace(place, at=place.at + timedelta(hours=11)), signals=PHONE)
    others = [
        mark_device(place=replace(place, at=place.at + timedelta(hours=13)), signals=PHONE),
        mark_device(place=replace(place, pk=place.pk + 1), signals=PHONE),
        mark_device(place=place, signals={**PHONE, "browser": "Tablet"}),
        mark_device(place=place, signals={**PHONE, "address": "203.0.113.8"}),
    ]
    assert len({mark, *others}) == 5


def test_a_mark_cannot_be_made_without_the_sites_key(place, settings):
    mark = mark_device(place=place, signals=PHONE)
    settings.BLIND_INDEX_KEYS = ["another key", *settings.BLIND_INDEX_KEYS]

    assert mark_device(place=place, signals=PHONE) != mark
