"""Staff pages, asked for rows that do not exist by ids that are none: an answer, never a server error."""

import re

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import reverse

from feedback_site.customers.models import Customer
from feedback_site.service_events.models import CalendarDay
from tests.fuzz import FACTOR

# The first is no number, no UUID and no date; the others take their time.
NO_IDS = ["x", "1", "9" * 30, "018f0000-0000-7000-8000-000000000000", "a%00b", "2026-02-30"]
LEAST_PAGES = 100


def pages() -> list[str]:
    """Every page of the admin that names a row, with a blank for its id."""
    found = []
    for model, model_admin in admin.site._registry.items():
        start = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        found += [
            start + re.sub(r"<[^>]+>", "{}", str(pattern.pattern))
            for pattern in model_admin.urls
            if "<" in str(pattern.pattern)
        ]
    return found


@pytest.mark.parametrize("method", ["get", "post"] if FACTOR > 1 else ["get"])
def test_no_row_is_found_by_what_is_no_id(staff, method):
    client = Client(raise_request_exception=False)
    client.force_login(staff.root)
    addresses = [
        page.replace("{}", name) for page in pages() for name in (NO_IDS if FACTOR > 1 else NO_IDS[:1])
    ]
    assert len(addresses) > LEAST_PAGES

    failed = [address for address in addresses if answer(client, method, address) >= 500]

    assert failed == []


def answer(client: Client, method: str, address: str) -> int:
    with transaction.atomic():
        status = getattr(client, method)(address).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("name", NO_IDS)
def test_there_is_no_way_from_staff_pages_to_a_rows_page_on_the_site(staff, name):
    client = Client(raise_request_exception=False)
    client.force_login(staff.root)

    kinds = [ContentType.objects.get_for_model(model).pk for model in (Customer, CalendarDay)]
    assert [answer(client, "get", f"/admin/r/{kind}/{name}/") for kind in kinds] == [404, 404]
