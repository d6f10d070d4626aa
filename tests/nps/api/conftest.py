"""Calls to the API, and a campaign of two strata in which 40 answered."""

import pytest
from django.test import Client


@pytest.fixture
def get():
    """Ask an address with a key; return status and JSON."""

    def get(address, key, **query):
        response = Client().get(f"/api/v1/{address}", query, headers={"Authorization": f"Api-Key {key}"})
        return response.status_code, response.json()

    return get


@pytest.fixture
def fielded(field_work, staff):
    """A running campaign: 44 new customers by phone, 6 of high value on site; 36 and 4 of them answered."""
    field_work.programme.target_completes = 50
    field_work.programme.expected_response_percent = 100
    field_work.programme.save()
    field_work.serve_many(44)
    field_work.serve_many(
        6, segment=field_work.organisation.high_value, channel=field_work.organisation.on_site
    )
    field_work.serve(consent=None)
    campaign = field_work.launched(staff.root)
    field_work.run()
    invited = (
        campaign.members.filter(invitation__isnull=False)
        .order_by("pk")
        .select_related("invitation", "stratum")
    )
    of_phone = [row.invitation for row in invited if row.stratum.channel == field_work.organisation.phone]
    on_site = [row.invitation for row in invited if row.stratum.channel == field_work.organisation.on_site]
    for invitation, score in [
        *zip(of_phone, [10] * 20 + [8] * 10 + [3] * 6, strict=False),
        *zip(on_site, [9, 9, 0, 5], strict=False),
    ]:
        field_work.answer(invitation, score)
    return campaign
