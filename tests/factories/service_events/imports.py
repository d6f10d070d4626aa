from io import BytesIO

import pytest

from feedback_site.common.clock import database_now
from feedback_site.service_events.services.importing import confirm_import, request_import, run_imports

HEADINGS = (
    "source,external_id,kind,channel,team,customer.external_id,customer.phone,opened_at,completed_at,"
    "consent.survey,product_line"
)


def row(number, *, team="east-1", product="fridge", opened="2026-01-05T09:00:00+08:00"):
    customer = f"C-{number},13812345678"
    times = f"{opened},2026-01-05T10:00:00+08:00"
    return f"crm,{number},after_sales_repair,phone,{team},{customer},{times},1,{product}"


@pytest.fixture
def upload(staff):
    """Ada of region east uploads these lines, unless another person does; the check has not run yet."""

    def upload(*lines, by=None, data=None, mapping=None, name="events.csv", **options):
        content = data if data is not None else "\n".join([HEADINGS, *lines]).encode()
        return request_import(
            stream=BytesIO(content),
            name=name,
            mapping=mapping or {},
            is_replayed=options.get("is_replayed", False),
            language=options.get("language", "en"),
            by=by or staff.ada,
            at=database_now(),
        )

    return upload


@pytest.fixture
def checked(upload):
    """An uploaded file whose check has run."""

    def checked(*lines, **options):
        event_import = upload(*lines, **options)
        run_imports(clock=database_now)
        event_import.refresh_from_db()
        return event_import

    return checked


@pytest.fixture
def imported(checked, staff):
    """An uploaded file that was checked and imported."""

    def imported(*lines, **options):
        event_import = checked(*lines, **options)
        confirm_import(event_import=event_import, by=options.get("by") or staff.ada, at=database_now())
        run_imports(clock=database_now)
        event_import.refresh_from_db()
        return event_import

    return imported


def counts(event_import):
    return (event_import.imported, event_import.repeated, event_import.listed)


def reasons(event_import):
    return {problem.line: problem.reason for problem in event_import.problems.all()}
