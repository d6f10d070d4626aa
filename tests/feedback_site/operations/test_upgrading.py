"""Rows that an earlier version stored.

Masked and measured by the rules of this one when the site is brought up to date.
"""

import json

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from feedback_site.common.clock import database_now
from feedback_site.common.sealing import blind_index
from feedback_site.conservation.running import run_checks
from feedback_site.customers.models import Customer, SealedText
from feedback_site.customers.services import customer_entry, upsert_customers
from feedback_site.customers.services.old_words import mask_old_words
from feedback_site.operations.upgrading import renew_stored_rows, waits_for_migrations
from tests.factories.conservation.tampering import tamper
from tests.factories.conservation.world import World

IN_CLEAR = json.dumps({"remark": "请打 13800000104"})


def red() -> set[str]:
    return {result.check.slug for result in run_checks() if not result.is_ok}


def test_a_database_of_an_earlier_version_is_known(db):
    before = waits_for_migrations()
    MigrationRecorder(connection).record_unapplied("service_events", "0002_published_holidays")

    assert (before, waits_for_migrations()) == (False, True)


def test_words_and_figures_from_before_follow_the_rules_of_this_version(organisation):
    world = World(organisation)
    world.event("withheld")
    world.decide("withheld", reason="no_consent")
    tamper(
        f"UPDATE service_events_serviceevent SET attributes = '{IN_CLEAR}', is_resolved = true, "  # noqa: S608 - this module's own text
        "updated_at = updated_at - interval '1 hour'"
    )
    before = red()

    renew_stored_rows(at=database_now())

    assert (before, red()) == ({"resolution_rate_equals_cases", "words_are_masked"}, set())


def test_contacts_from_before_are_found_by_refusals_of_today(db):
    entry = customer_entry(source="crm", external_id="C-1", phone="13812345678")
    upsert_customers(entries=[entry], at=database_now())
    tamper("UPDATE customers_customer SET phone_index = substring(phone_index FROM 5)")

    renew_stored_rows(at=database_now())

    assert Customer.objects.get().phone_index == blind_index(column="phone", value="13812345678")


def test_whatever_words_are_masked_can_be_kept(db):
    kinds = {kind for kind, _looked_at, _masked in mask_old_words(at=database_now())}

    assert max(map(len, kinds)) <= (SealedText._meta.get_field("subject_kind").max_length or 0)
