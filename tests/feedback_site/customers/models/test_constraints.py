import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from feedback_site.customers.enums import FileType
from feedback_site.customers.models import Consent, Customer, CustomerTeam, SealedFile, Segment
from feedback_site.customers.services import keep_file


@pytest.fixture
def consent(wang, noon):
    return Consent.objects.create(
        customer=wang, purpose="survey", is_granted=True, stated_at=noon, source="crm"
    )


def violates(name):
    return pytest.raises(IntegrityError, match=name)


def test_a_customer_is_known_once_per_source(wang):
    with violates("customer_is_known_once_per_source"), transaction.atomic():
        Customer.objects.create(source="crm", external_id="C-9")


def test_a_customer_reads_a_known_language(wang):
    with violates("customer_reads_a_known_language"), transaction.atomic():
        Customer.objects.update(language="tlh")


@pytest.mark.parametrize("column", ["phone", "email"])
@pytest.mark.parametrize("part", ["sealed", "index"])
def test_a_contact_is_sealed_with_its_index(wang, column, part):
    with violates(f"customer_{column}_is_sealed_with_its_index"), transaction.atomic():
        Customer.objects.update(**{f"{column}_{part}": None})


def test_a_team_is_stated_once(wang, organisation):
    CustomerTeam.objects.create(customer=wang, team=organisation.east_1)

    with violates("customerteam_is_stated_once"), transaction.atomic():
        CustomerTeam.objects.create(customer=wang, team=organisation.east_1)


def test_consent_is_for_a_known_purpose(wang, noon):
    with violates("consent_is_for_a_known_purpose"), transaction.atomic():
        Consent.objects.create(customer=wang, purpose="open", is_granted=True, stated_at=noon, source="crm")


def test_consents_are_only_added(consent):
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        Consent.objects.update(is_granted=False)
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        Consent.objects.all().delete()


def test_a_segment_has_its_own_slug(organisation):
    with violates("slug"), transaction.atomic():
        Segment.objects.create(slug="new", names={"en": "Also new", "zh-hans": "也是新客户"})


@pytest.mark.django_db
def test_a_sealed_file_is_of_a_known_type_and_never_changed(noon):
    file = keep_file(content=b"signed", content_type=FileType.TEXT, at=noon)

    with violates("sealedfile_has_a_known_type"), transaction.atomic():
        SealedFile.objects.create(content_type="text/html", size=1, content_sealed=b"x", created_at=noon)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        SealedFile.objects.filter(pk=file.pk).update(size=2)
