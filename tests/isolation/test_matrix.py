"""Every address, by every method, as everybody."""

import pytest

from tests.isolation.addresses import all_addresses
from tests.isolation.readers import REACHES, READERS, SYSTEMS, superuser
from tests.isolation.walking import IS_WHOLE, must_show, walk

# Fewer would mean that the address tables were not read, or that a reader was sent away at the door.
FEWEST_OF_STAFF, FEWEST_OF_SYSTEMS, FEWEST_TELLING = 1000, 150, 90
# Those who see every team are asked about the files of others only, unless the run is whole.
SEES_ALL, FEWEST_OF_ALL = {role.value for role, reach in REACHES.items() if reach == "all"}, 80


@pytest.mark.parametrize("who", READERS)
def test_no_reader_reads_a_byte_out_of_scope(who, world, record_property):
    report = walk(READERS[who](world), world)

    for name in ("urls", "cells", "seen_pages"):
        record_property(name, getattr(report, name))
    assert not report.findings, "\n".join(map(str, report.findings))
    assert report.cells >= (FEWEST_OF_STAFF if IS_WHOLE or who not in SEES_ALL else FEWEST_OF_ALL)


@pytest.mark.parametrize("who", SYSTEMS)
def test_no_system_reads_a_byte_out_of_scope(who, world, record_property):
    report = walk(
        SYSTEMS[who](world), world, addresses=[address for address in all_addresses() if address.is_api]
    )

    for name in ("urls", "cells", "seen_pages"):
        record_property(name, getattr(report, name))
    assert not report.findings, "\n".join(map(str, report.findings))
    assert report.cells >= FEWEST_OF_SYSTEMS


def test_every_list_page_and_history_shows_its_row_to_a_reader(world):
    """A page that no one was seen to read proves nothing by keeping quiet."""
    reader = superuser(world)
    telling = [address for address in all_addresses() if must_show(reader, address, "Own")]

    report = walk(reader, world, addresses=telling, is_glance=True)

    assert report.findings == []
    assert len(telling) >= FEWEST_TELLING
