import uuid

import pytest
from django.utils import translation

from feedback_site.common.public_pages.uploads import Upload
from feedback_site.customers.models import SealedFile
from feedback_site.customers.services import fingerprint
from feedback_site.questionnaires.services.kept_fields import pretend_files
from feedback_site.questionnaires.walk import Walk
from surveys.services.files import take_files
from tests.factories.common.pictures import PDF
from tests.factories.questionnaires.documents import both, compiled, question

PHOTO = compiled(question("photo", "file", both("A photo", "照片"), required=True))
SIGN = compiled(question("sign", "signature", both("Sign here", "请签名"), required=True))
UPLOADS = {"photo.file": [Upload(len(PDF), PDF)]}


def test_a_trial_reads_files_and_signatures_as_a_customers_form_does_and_keeps_nothing(
    db, django_assert_num_queries
):
    with translation.override("en"), django_assert_num_queries(0):
        good = pretend_files(
            questions=[PHOTO, SIGN], fields={"sign.name": ["Wang Wu"], "other": ["x"]}, uploads=UPLOADS
        )
        bad = pretend_files(
            questions=[PHOTO, SIGN], fields={"sign.name": ["7"]}, uploads={"photo.file": [Upload(3, b"GIF")]}
        )

    assert good == {"photo": [fingerprint(PDF)], "sign": [fingerprint(b"Wang Wu")], "other": ["x"]}
    assert Walk([[PHOTO, SIGN]], good).read.answers == {"photo": good["photo"], "sign": good["sign"]}
    assert Walk([[PHOTO, SIGN]], bad).read.errors["sign"] == "Please type your full name."
    assert (
        Walk([[PHOTO, SIGN]], bad)
        .read.errors["photo"]
        .startswith("Please choose a file of one of these kinds:")
    )
    assert bad["sign.name"] == ["7"]
    named = pretend_files(questions=[PHOTO], fields={"photo.file": ["IMG_1.jpg"]}, uploads={})
    assert Walk([[PHOTO]], named).read.answers == {"photo": [fingerprint(b"IMG_1.jpg")]}


@pytest.mark.django_db
def test_a_form_that_brings_nothing_asks_the_database_nothing(noon, django_assert_num_queries):
    with django_assert_num_queries(0):
        taken = take_files(
            invitation_id=uuid.uuid4(),
            questions=[PHOTO, SIGN],
            fields={"overall": ["4"]},
            uploads={},
            at=noon,
        )

    assert taken == {"overall": ["4"]}


@pytest.mark.django_db
def test_an_unknown_link_keeps_nothing(noon):
    take_files(invitation_id=uuid.uuid4(), questions=[PHOTO], fields={}, uploads=UPLOADS, at=noon)

    assert not SealedFile.objects.exists()


@pytest.mark.django_db
def test_a_fingerprint_tells_no_one_without_the_key_what_it_was_made_of(settings):
    first = fingerprint(b"Wang")
    settings.BLIND_INDEX_KEYS = ["another key", *settings.BLIND_INDEX_KEYS]

    assert first != fingerprint(b"Wang")
    assert len(first) == 32
