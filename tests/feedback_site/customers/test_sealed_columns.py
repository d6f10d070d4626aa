import pytest
from django.apps import apps
from django.db.models import BinaryField

from feedback_site.customers.services import sealed_columns

# Hashes of no contact.
NO_CONTACT_IS_IN = {
    "accounts_accesslogentry.entry_hash",
    "accounts_accesslogentry.previous_hash",
    "accounts_apikey.secret_hash",
    "common_ratecount.key",
    "service_events_eventimport.fingerprint",
    "service_events_idempotencykey.request_hash",
    "service_events_serviceevent.content_hash",
    "service_events_webhookdelivery.content_hash",
    "surveys_invitation.token_hash",
    "surveys_openresponse.answers_hash",
    "surveys_openresponse.device_mark",
    "surveys_openresponse.submission_key",
    "surveys_response.answers_hash",
    "voice_voiceentry.submission_key",
}


def named_columns():
    return {f"{one.table}.{column}" for one in sealed_columns() for column in (one.sealed, one.index) if column}


def binary_columns():
    fields = [(model, field) for model in apps.get_models() for field in model._meta.local_concrete_fields]
    return {f"{m._meta.db_table}.{f.column}" for m, f in fields if isinstance(f, BinaryField) or "sealed" in f.column}


def test_every_column_that_may_be_sealed_is_named_for_the_rotation_of_keys():
    assert binary_columns() - NO_CONTACT_IS_IN == named_columns()


def test_the_list_of_other_hashes_holds_nothing_that_is_gone():
    assert binary_columns() >= NO_CONTACT_IS_IN


@pytest.mark.parametrize("one", sealed_columns(), ids=lambda one: one.name)
def test_what_is_named_has_a_key_that_a_value_can_be_bound_to(one):
    assert one.model._meta.pk.get_internal_type() in {"UUIDField", "BigAutoField", "OneToOneField"}
