"The company settings: one row, changed by administrators and on record."

from datetime import time
from time import monotonic
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from django.forms import model_to_dict
from django.urls import reverse

from feedback_site.accounts.models import AccessLogEntry, Organisation
from feedback_site.accounts.selectors import organisation_settings
from feedback_site.common.languages import Language, organisation_languages

pytestmark = pytest.mark.django_db
PAGE = "/admin/accounts/organisation/1/change/"
AS_IT_IS = {name: value for name, value in model_to_dict(Organisation()).items() if value is not None}
# A box without a tick is not sent.
AS_IT_IS = {name: value for name, value in AS_IT_IS.items() if value is not False}
AS_IT_IS |= {"languages": "zh-hans,en"}


def test_an_administrator_changes_a_setting_and_the_log_holds_old_and_new(client, staff):
    client.force_login(staff.root)
    assert [
        client.get(page).status_code for page in (reverse("admin:accounts_organisation_changelist"), PAGE)
    ] == [200, 200]

    for _again in range(2):
        client.post(PAGE, AS_IT_IS | {"on_site_counting": "confirmed"})

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


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"good_from": "90"}, "Each grade must begin at a higher score than the next lower one."),
        ({"accept_within_hours": "49"}, "A complaint must be accepted before it must be closed."),
        ({"time_zone": "Mars/Olympus"}, "There is no such time zone. Write it like Asia/Shanghai."),
        ({"monday_from": "22:00", "monday_until": "06:00"}, "A shift past midnight cannot be stated."),
        ({"hotline": "call us"}, "Digits, spaces, brackets and hyphens only."),
        ({"response_rate_goal": "101"}, "Ensure this value is less than or equal to 100."),
        ({"languages": "de"}, "Select a valid choice. de is not one of the available choices."),
        ({"languages": ""}, "This field is required."),
        ({"names_en": "x" * 61}, "English: at most 60 characters; these are 61."),
    ],
)
def test_settings_that_contradict_each_other_are_refused_in_words(client, staff, fields, refusal):
    client.force_login(staff.root)

    page = client.post(PAGE, AS_IT_IS | fields)

    assert refusal in page.content.decode()
    assert not Organisation.objects.exists()


def test_a_form_without_its_fields_is_shown_again(client, staff):
    client.force_login(staff.root)

    page = client.post(reverse("admin:accounts_organisation_changelist"), {})

    assert page.status_code == 200
    assert {"languages", "time_zone"} <= set(page.context["adminform"].form.errors)
    assert not Organisation.objects.exists()


def test_what_is_saved_holds_at_once_and_others_read_it_soon(client, staff, django_assert_num_queries):
    assert organisation_settings().least_answers == 30
    client.force_login(staff.root)

    client.post(PAGE, AS_IT_IS | {"least_answers": "12"})

    assert organisation_settings().least_answers == 12
    Organisation.objects.update(least_answers=13)
    with django_assert_num_queries(0):
        assert organisation_settings().least_answers == 12
    with patch("time.monotonic", return_value=monotonic() + 11):
        assert organisation_settings().least_answers == 13


def test_the_languages_have_an_order(client, staff):
    client.force_login(staff.root)

    client.post(PAGE, AS_IT_IS | {"languages": "en,zh-hans", "names_en": "Acme"})

    assert organisation_languages() == (Language.ENGLISH, Language.CHINESE)
    page = client.get(PAGE).content.decode()
    assert '<option value="en,zh-hans" selected>English → Simplified Chinese</option>' in page
    assert page.index('name="names_en" value="Acme"') < page.index('name="names_zh_hans"')


@pytest.mark.parametrize("member", ["ellen", "quinn", "max"])
def test_no_other_role_changes_it(client, staff, member):
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
        {"response_rate_goal": 0},
        {"sample_complainants_percent": 101},
        {"complainant_days": 367},
        {"least_answers": 0},
        {"accept_within_hours": 49},
        {"close_within_hours": 721},
        {"close_complex_within_days": 0},
        {"repair_within_days": 32},
        {"excellent_from": 101},
        {"good_from": 90},
        {"qualified_from": 60},
        {"to_improve_from": 0},
        {"colour": "#FFF"},
        {"colour": "#ABCDEF"},
        {"monday_until": None},
        {"sunday_from": time(9)},
        {"languages": []},
        {"languages": ["en", "en"]},
        {"languages": ["de"]},
        {"languages": [None]},
    ],
)
def test_the_database_holds_one_row_of_known_settings(db, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(**fields)
