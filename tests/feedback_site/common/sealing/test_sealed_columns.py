import pytest
from django.apps import apps
from django.db.models import BinaryField

from feedback_site.common.sealing import sealed_columns

# A picture that all may see, and hashes that are compared with what is at hand, and that
# no key has to find again: so are all columns whose name ends in `_hash`.
NO_CONTACT_IS_IN = {
    "accounts_accessloghead.anchor_seal",
    "accounts_accessloghead.seal",
    "accounts_companylogo.content",
    "common_ratecount.key",
    "service_events_eventimport.fingerprint",
    "surveys_openresponse.device_mark",
    "surveys_openresponse.submission_key",
    "voice_voiceentry.submission_key",
}


def named_columns():
    return {
        f"{one.table}.{column}" for one in sealed_columns() for column in (one.sealed, one.index) if column
    }


def binary_columns():
    fields = [(model, field) for model in apps.get_models() for field in model._meta.local_concrete_fields]
    names = {f"{model._meta.db_table}.{field.column}" for model, field in fields if _may_be_sealed(field)}
    return names - ({name for name in names if name.endswith("_hash")} - set(named_columns()))


def _may_be_sealed(field):
    return isinstance(field, BinaryField) or "sealed" in field.column


def test_every_column_that_may_be_sealed_is_named_for_the_rotation_of_keys():
    assert binary_columns() - NO_CONTACT_IS_IN == named_columns()


def test_the_list_of_other_hashes_holds_nothing_that_is_gone():
    assert binary_columns() >= NO_CONTACT_IS_IN


@pytest.mark.parametrize("one", sealed_columns(), ids=lambda one: one.name)
def test_what_is_named_has_a_key_that_a_value_can_be_bound_to(one):
    assert one.model._meta.pk.get_internal_type() in {"UUIDField", "BigAutoField", "OneToOneField"}
