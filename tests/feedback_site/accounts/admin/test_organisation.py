"The company settings: one row, changed by administrators and on record."

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from feedback_site.accounts.models import AccessLogEntry, Organisation

pytestmark = pytest.mark.django_db
PAGE = "/admin/accounts/organisation/1/change/"


def test_an_administrator_changes_a_setting_and_the_log_holds_old_and_new(client, staff):
    client.force_login(staff.root)
    assert [
        client.get(page).status_code for page in (reverse("admin:accounts_organisation_changelist"), PAGE)
    ] == [200, 200]

    for _again in range(2):
        client.post(
            PAGE, {"on_site_counting": "confirmed", "fee_tolerance": "1", "fee_tolerance_percent": "2"}
        )

    assert Organisation.objects.current().on_site_counting == "confirmed"
    entry = AccessLogEntry.objects.get(action="settings_changed")
    assert (entry.actor, entry.details) == (
        f"user:{staff.root.pk}",
        {"old": {"on_site_counting": "beside"}, "new": {"on_site_counting": "confirmed"}},
    )


@pytest.mark.parametrize("asked", ["q=K", "fee_tolerance__gte=1", "on_site_counting__regex=K"])
def test_what_is_asked_of_the_page_as_of_a_list_is_named(client, staff, asked):
    client.force_login(staff.root)

    page = client.get(f"{reverse('admin:accounts_organisation_changelist')}?{asked}")

    assert f"“{asked.partition('=')[0]}” was left out" in page.content.decode()
    assert page.context["original"] == Organisation.objects.current()


@pytest.mark.parametrize("member", ["ellen", "quinn", "max"])
def test_nobody_else_changes_it(client, staff, member):
    client.force_login(getattr(staff, member))

    assert client.post(PAGE, {"on_site_counting": "all"}).status_code == 403
    assert Organisation.objects.current().on_site_counting == "beside"


@pytest.mark.parametrize(
    "fields",
    [
        {"pk": 2},
        {"pk": 1, "on_site_counting": "sometimes"},
        {"fee_tolerance": -1},
        {"fee_tolerance_percent": 101},
    ],
)
def test_the_database_holds_one_row_of_known_settings(db, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(**fields)
