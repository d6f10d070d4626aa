import pytest

from tests.factories.customers.case import upsert_customer


@pytest.fixture
def wang(db):
    """Wang Xiaoming, whom the CRM knows as C-9."""
    return upsert_customer(
        source="crm", external_id="C-9", name="王小明", phone="138 1234 5678", email="Wang@Example.com"
    )
