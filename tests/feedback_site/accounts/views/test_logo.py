"""The company's logo: uploaded by an administrator, shown to all."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from feedback_site.accounts.models import AccessLogEntry, CompanyLogo, Organisation
from tests.factories.common.pictures import picture
from tests.feedback_site.accounts.admin.test_organisation import AS_IT_IS, PAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def save(client, staff):
    """Send the settings' page as Root."""
    client.force_login(staff.root)

    def save(**fields):
        return client.post(PAGE, AS_IT_IS | fields)

    return save


def upload(colour: tuple[int, int, int]) -> SimpleUploadedFile:
    return SimpleUploadedFile("logo.svg", picture("PNG", colour=colour), content_type="image/svg+xml")


def test_a_logo_is_uploaded_and_sent_to_all_for_a_year(save, client):
    save(logo_file=upload((1, 2, 3)), colour="#1A4FD0", names_en="Acme")

    organisation = Organisation.objects.get()
    address = f"/logo/{organisation.logo_id}/"
    entry = AccessLogEntry.objects.get(action="settings_changed")
    assert entry.details["new"] == {
        "logo_id": organisation.logo_id,
        "colour": "#1a4fd0",
        "names": {"en": "Acme"},
    }
    page = client.get(PAGE).content.decode()
    assert page.count(f'src="{address}"') >= 2  # beside the menu, and in the form
    assert "Acme" in page
    client.logout()
    sent = client.get(address)
    assert (sent.status_code, sent["Content-Type"]) == (200, "image/png")
    assert sent["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not sent.cookies
    assert [client.post(address).status_code, client.get("/logo/none/").status_code] == [405, 404]
    assert f'src="{address}"' in client.get("/voice/").content.decode()


def test_a_logo_that_is_replaced_is_kept_until_the_next_one(save):
    kept = []
    for number in range(3):
        save(logo_file=upload((number * 90, 2, 3)))
        kept.append(Organisation.objects.get().logo_id)

    assert set(CompanyLogo.objects.values_list("pk", flat=True)) == set(kept[1:])
    save(removes_logo="on")
    assert Organisation.objects.get().logo_id is None
    assert set(CompanyLogo.objects.values_list("pk", flat=True)) == {kept[2]}


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"logo_file": SimpleUploadedFile("logo.png", b"<svg/>")}, "SVG files cannot be taken."),
        ({"colour": "#ffcc00"}, "their contrast is 1.5, and 4.5 is needed. Choose a darker colour."),
        ({"colour": "red"}, "Write the colour as # and six digits"),
    ],
    ids=["svg", "pale", "word"],
)
def test_what_cannot_be_shown_is_refused_in_words(save, fields, refusal):
    assert refusal in save(**fields).content.decode()
    assert not Organisation.objects.exists()
