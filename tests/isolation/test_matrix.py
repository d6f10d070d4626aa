"""Every address, by every method, as everybody."""

import pytest

from tests.isolation.addresses import all_addresses
from tests.isolation.readers import READERS, SYSTEMS, superuser
from tests.isolation.walking import walk

# Fewer would mean that the address tables were not read, or that a reader was sent away at the door.
FEWEST_OF_STAFF, FEWEST_OF_SYSTEMS = 1000, 150


@pytest.mark.parametrize("who", READERS)
def test_nobody_reads_a_byte_out_of_scope(who, world, record_property):
    report = walk(READERS[who](world), world)

    for name in ("urls", "cells", "seen_pages"):
        record_property(name, getattr(report, name))
    assert not report.findings, "\n".join(map(str, report.findings))
    assert report.cells >= FEWEST_OF_STAFF


@pytest.mark.parametrize("who", SYSTEMS)
def test_no_system_reads_a_byte_out_of_scope(who, world, record_property):
    report = walk(SYSTEMS[who](world), world, addresses=[address for address in all_addresses() if address.is_api])

    for name in ("urls", "cells", "seen_pages"):
        record_property(name, getattr(report, name))
    assert not report.findings, "\n".join(map(str, report.findings))
    assert report.cells >= FEWEST_OF_SYSTEMS


# Pages that show no row of a team, whoever opens them: said of each, so that a new page is not silent by accident.
SILENT: dict[str, str] = {}


def test_every_page_shows_its_rows_to_somebody(world):
    """A page that nobody was seen to read proves nothing by keeping quiet."""
    report = walk(superuser(world), world, addresses=[address for address in all_addresses() if not address.is_api], is_glance=True)
    shown = {address.route for address in all_addresses() if not address.is_api}

    assert shown - report.seen - SILENT.keys() == set()
    assert SILENT.keys() - shown == set()
