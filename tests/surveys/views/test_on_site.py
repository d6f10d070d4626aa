"""The code that staff show on site.

The customer's digits, 15 minutes, one answer, and marks that cannot be forged.
"""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from feedback_site.accounts.models import AccessLogEntry, Organisation
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import ConflictError, DomainError
from surveys.models import OnSiteAnswer, OnSiteLink, PendingTally, Response, ResponseDraft, ResponseTally
from surveys.services.links.tokens import on_site_token
from surveys.services.tallies.tallying import consume_tallies
from tests.factories.conservation.tampering import red_checks, tamper
from tests.factories.questionnaires.documents import both, publish, question
from tests.factories.surveys.links import GOOD_ANSWERS, send
from tests.factories.surveys.on_site import ask_about_work, show_to

pytestmark = pytest.mark.django_db
PHONE = "+8613800000104"
PAGES = [
    question(
        "overall",
        "rating",
        both("How satisfied are you?", "您满意吗？"),
        metric="satisfaction",
        required=True,
        page=1,
    ),
    question("comment", "text", both("Anything else?", "还有吗？"), page=2),
]


@pytest.fixture
def site(organisation, staff, version) -> SimpleNamespace:
    """Ellen of east-1 repaired something for a customer who was sent a link; she shows codes for it."""

    def asked(*, phone: str | None = PHONE, of: Any = version) -> Any:
        return ask_about_work(staff.ellen, organisation, of, phone=phone)

    def show(invited: Any, **how: Any) -> str:
        return show_to(invited, staff.ellen, **how)

    return SimpleNamespace(asked=asked, show=show)


def _begin(client, site, **how) -> tuple[Any, str]:
    invited = site.asked(**how)
    code = site.show(invited)
    if how.get("phone", PHONE) is None:
        return invited, code
    led = send(client, code, {"digits": "０１０４"})
    assert led.status_code == 303
    return invited, led.headers["Location"]


def test_the_customer_names_four_digits_answers_once_and_the_answer_is_marked(client, site):
    invited, form = _begin(client, site)

    page = client.get(form)
    pages = [send(client, form, GOOD_ANSWERS) for _again in range(2)] + [
        send(client, form, {**GOOD_ANSWERS, "overall": "1"})
    ]

    assert page.status_code == 200
    assert [one.status_code for one in pages] == [200, 200, 409]
    assert Response.objects.values_list("mode", "satisfaction").get() == ("on_site", 4)
    assert OnSiteAnswer.objects.values_list("response_id", "is_confirmed", "is_counted").get() == (
        invited.invitation.pk,
        True,
        False,
    )
    assert "on_site_answers_by_their_code" not in red_checks()


def test_without_a_phone_on_record_the_answer_is_marked_unconfirmed(client, site):
    _invited, form = _begin(client, site, phone=None)

    assert client.get(form).status_code == 200
    assert send(client, form, GOOD_ANSWERS).status_code == 200
    assert OnSiteAnswer.objects.get().is_confirmed is False


def test_opening_a_code_writes_nothing_and_shows_nothing_before_the_digits(client, site):
    code = site.show(site.asked())

    page = client.get(code).content.decode()

    assert "Last four digits" in page
    assert "How satisfied" not in page
    assert OnSiteLink.objects.values_list("tries", "confirmed_at").get() == (0, None)
    assert send(client, code, GOOD_ANSWERS).status_code == 422
    assert (Response.objects.count(), OnSiteLink.objects.get().tries) == (0, 0)


# Attacks: Ellen wants to answer for her own customers.


@pytest.mark.parametrize("last", ["", "unsubscribe/", "more/"])
def test_a_code_is_no_customers_link_so_the_mode_is_not_forged_by_the_address(client, site, last):
    invited, form = _begin(client, site)

    assert client.get(form.replace("on-site/", last)).status_code == 404
    assert send(client, form.replace("on-site/", last), GOOD_ANSWERS).status_code == 404
    assert client.get(f"{invited.address}on-site/").status_code == 404
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    "forged", [{"mode": "web"}, {".mode": "web"}, {"is_confirmed": "1", "is_counted": "1"}]
)
def test_the_mode_and_the_marks_are_not_forged_by_fields(client, site, forged):
    _invited, form = _begin(client, site, phone=None)

    send(client, f"{form}?mode=web", {**GOOD_ANSWERS, **forged})

    assert Response.objects.get().mode == "on_site"
    assert OnSiteAnswer.objects.values_list("is_confirmed", "is_counted").get() == (False, False)


def test_a_form_cannot_be_reached_before_the_digits(client, site):
    site.show(site.asked())
    link = OnSiteLink.objects.get()
    form = f"/r/{on_site_token(link_id=link.pk, key_id=link.token_key_id, is_form=True)}/on-site/"

    assert client.get(form).status_code == 404
    assert send(client, form, GOOD_ANSWERS).status_code == 404


def test_digits_cannot_be_tried_out(client, site):
    invited = site.asked()
    for _code in range(3):
        code = site.show(invited)
        assert [send(client, code, {"digits": f"999{n}"}).status_code for n in range(3)] == [422, 422, 422]
        # The code is dead, for the right digits too.
        assert send(client, code, {"digits": "0104"}).status_code == 410
        assert client.get(code).status_code == 410

    with pytest.raises(ConflictError, match="Wrong digits"):
        site.show(invited)
    assert not Response.objects.exists()
    assert client.get(invited.address).status_code == 200


@pytest.mark.parametrize("typed", ["", "104", "13800000104", "01o4", "0104; --", "-104", "٠١٠٤x"])
def test_what_is_no_four_digits_costs_no_try(client, site, typed):
    code = site.show(site.asked())

    assert send(client, code, {"digits": typed}).status_code == 422
    assert OnSiteLink.objects.get().tries == 0


@pytest.mark.parametrize("how", ["expired", "replaced"])
def test_a_code_that_has_ended_takes_nothing(client, site, how):
    invited = site.asked(phone=None)
    code = site.show(invited, ago=timedelta(minutes=15) if how == "expired" else timedelta(minutes=1))
    if how == "replaced":
        site.show(invited)

    assert client.get(code).status_code == 410
    assert send(client, code, GOOD_ANSWERS).status_code == 410
    assert not Response.objects.exists()


def test_an_answer_to_the_customers_own_link_is_the_first_and_stays(client, site):
    invited, form = _begin(client, site)
    send(client, invited.address, GOOD_ANSWERS)

    assert send(client, form, {**GOOD_ANSWERS, "overall": "5"}).status_code == 409
    assert Response.objects.values_list("mode", "satisfaction").get() == ("web", 4)
    assert not OnSiteAnswer.objects.exists()


def test_nothing_begun_on_site_is_found_behind_the_customers_link(client, site):
    invited, form = _begin(client, site, phone=None, of=publish(PAGES))

    assert send(client, form, {".page": "1", "overall": "", "comment": "begun"}).status_code == 422
    assert not ResponseDraft.objects.exists()
    assert "begun" not in client.get(invited.address).content.decode()
    assert send(client, form, {"overall": "5", "comment": "whole"}).status_code == 200
    assert Response.objects.get().answers == {"overall": 5, "comment": "whole"}


def test_only_few_codes_are_shown_in_an_hour_and_very_many_are_on_record_once(site, staff, settings):
    settings.ON_SITE_LINKS_PER_HOUR = 3
    for _customer in range(3):
        site.show(site.asked())

    for _again in range(2):
        with pytest.raises(DomainError, match="very many codes"):
            site.show(site.asked())

    assert OnSiteLink.objects.count() == 3
    assert (
        AccessLogEntry.objects.filter(
            action="many_links", actor=f"user:{staff.ellen.pk}", details={"links": 3}
        ).count()
        == 1
    )
    entry = AccessLogEntry.objects.filter(action="link_shown").first()
    assert (entry.details["own_work"], entry.details["asks_digits"]) == (True, True)


def test_digits_are_not_tried_out_from_customer_to_customer(client, site, staff):
    """Lists show two of the four digits.

    Who tries three of the hundred ends at each code soon has one right.
    """
    codes = [site.show(site.asked()) for _customer in range(4)]
    for code in codes[:3]:
        assert [send(client, code, {"digits": f"{n}{n}04"}).status_code for n in (3, 4, 5)] == [422, 422, 422]

    # Codes that were shown before the last wrong digits end as well, and take no right ones.
    assert send(client, codes[3], {"digits": "0104"}).status_code == 410
    for _again in range(2):
        with pytest.raises(DomainError, match="Wrong digits were typed too often at your codes"):
            site.show(site.asked())

    entry = AccessLogEntry.objects.get(action="many_links")
    assert (entry.actor, entry.details) == (f"user:{staff.ellen.pk}", {"wrong_digits": 9})
    OnSiteLink.objects.update(
        shown_at=F("shown_at") - timedelta(days=1), expires_at=F("expires_at") - timedelta(days=1)
    )
    assert site.show(site.asked())


# What counts, by one definition.


@pytest.mark.parametrize(
    ("setting", "phone", "is_counted"),
    [
        ("beside", PHONE, False),
        ("confirmed", PHONE, True),
        ("confirmed", None, False),
        ("all", None, True),
    ],
)
def test_the_organisation_says_what_counts_in_the_main_figures(client, site, setting, phone, is_counted):
    Organisation.objects.create(on_site_counting=setting)
    _invited, form = _begin(client, site, phone=phone)
    send(client, form, GOOD_ANSWERS)

    consume_tallies(at=database_now())

    tallied = set(ResponseTally.objects.values_list("measure", "value", "count"))
    main, beside = (
        {("response", 0, 1), ("satisfaction", 4, 1), ("nps", 9, 1)},
        {("on_site", 0, 1), ("on_site_csat", 4, 1), ("on_site_nps", 9, 1)},
    )
    assert tallied == (main if is_counted else beside)
    assert not PendingTally.objects.exists()
    assert (
        not {"tallies_equal_responses", "agent_tallies_equal_responses", "measurements_equal_responses"}
        & red_checks().keys()
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_at": timedelta(minutes=16)},
        {"tries": 4},
        {"needs_digits": False, "confirmed_at": timedelta()},
        {"expires_at": -timedelta(1)},
    ],
)
def test_the_database_refuses_a_code_that_is_good_for_longer_or_for_more_tries(site, fields):
    site.show(site.asked())
    at = OnSiteLink.objects.get().shown_at
    changes = {name: at + value if isinstance(value, timedelta) else value for name, value in fields.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        OnSiteLink.objects.update(**changes)


@pytest.mark.parametrize(
    "tampering", ["confirmed_at = NULL", "expires_at = shown_at + interval '1 microsecond'"]
)
def test_verify_finds_an_answer_that_its_code_does_not_bear_out(client, site, tampering):
    invited, form = _begin(client, site)
    send(client, form, GOOD_ANSWERS)

    tamper(f"UPDATE surveys_onsitelink SET {tampering}")  # noqa: S608 - constant text

    assert red_checks()["on_site_answers_by_their_code"] == [str(invited.invitation.pk)]
