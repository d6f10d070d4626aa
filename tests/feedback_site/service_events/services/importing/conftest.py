import pytest

from tests.factories.service_events.company_files import CHINA, workbook


@pytest.fixture
def taken_in(imported):
    """A workbook of these rows, or these bytes, that was checked and imported in the zone of China."""

    def taken_in(*rows, data=None, **options):
        name = "events.csv" if data and not data.startswith(b"PK") else "events.xlsx"
        return imported(
            data=data or workbook(*rows), name=name, mapping=options.pop("mapping", CHINA), **options
        )

    return taken_in
