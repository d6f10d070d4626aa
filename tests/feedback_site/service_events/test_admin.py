from datetime import timedelta

import pytest
from django.test import Client

from feedback_site.customers.services import customer_entry
from feedback_site.service_events.models import Agent, ServiceEvent, ServiceKind
from feedback_site.service_events.services import record_service_event, record_transition

LIST = "/admin/service_events/serviceevent/"


@pytest.fixture
def enter():
    """Open the staff pages as a person, in English."""

    def enter(user):
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def events(organisation, submission, noon):
    """A complaint of the east, completed, and a repair of the west, open."""

    def customer(number, name):
        return customer_entry(source="crm", external_id=number, name=name, phone="13812345678")

    east = submission(
        external_id="canary-east",
        is_complaint=True,
        customer=customer("C-1", "王小明"),
        attributes={"product": "fridge"},
    )
    west = submission(
        external_id="canary-west",
        team=organisation.west_1,
        agent="B1",
        completed_at=None,
        customer=customer("C-2", "Ann Lee"),
    )
    return [record_service_event(submission=each, at=noon).event for each in (east, west)]


def listed(response, name="external_id"):
    assert response.status_code == 200
    return sorted(getattr(row, name) for row in response.context["cl"].result_list)


def test_staff_see_the_events_of_their_own_teams(enter, staff, events):
    assert listed(enter(staff.ellen).get(LIST)) == ["canary-east"]
    assert listed(enter(staff.ada).get(LIST)) == ["canary-east"]
    assert listed(enter(staff.wei).get(LIST)) == ["canary-west"]
    assert listed(enter(staff.root).get(LIST)) == ["canary-east", "canary-west"]
    assert enter(staff.max).get(LIST).status_code == 403
    assert enter(staff.ellen).get(f"{LIST}{events[1].pk}/change/").status_code == 302


def test_the_list_shows_the_status_and_the_masked_customer(enter, staff, events):
    page = enter(staff.ellen).get(LIST).content.decode()

    for shown in ("canary-east", "王**", "Completed", "Complaint", "After-sales repair", "A17"):
        assert shown in page
    assert "王小明" not in page


def test_the_page_of_an_event_is_read_only_and_shows_what_happened_later(enter, staff, events, noon):
    record_transition(event=events[0], type="reopened", happened_at=noon, at=noon)
    root = enter(staff.root)

    page = root.get(f"{LIST}{events[0].pk}/change/").content.decode()

    for shown in ("Completed", "Reopened", "fridge", "王**"):
        assert shown in page
    assert "13812345678" not in page
    assert root.post(f"{LIST}{events[0].pk}/change/", {"priority": "urgent"}).status_code == 403
    assert root.post(f"{LIST}{events[0].pk}/delete/", {"post": "yes"}).status_code == 403
    assert root.get(f"{LIST}add/").status_code == 403
    assert ServiceEvent.objects.get(pk=events[0].pk).priority == "routine"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "canary-e"}, ["canary-east"]),
        ({"status__exact": "open"}, ["canary-west"]),
        ({"is_complaint__exact": 1}, ["canary-east"]),
    ],
)
def test_events_are_found_by_number_status_and_complaint(enter, staff, events, query, found):
    assert listed(enter(staff.quinn).get(LIST, query)) == found


@pytest.mark.parametrize("asked", ["138", "139"])
def test_a_filter_by_contact_is_left_out_and_named(enter, staff, events, asked):
    page = enter(staff.quinn).get(LIST, {"customer__phone_mask__startswith": asked})

    assert listed(page) == ["canary-east", "canary-west"]
    assert "“customer__phone_mask__startswith” was left out" in page.content.decode()


def test_the_team_filter_offers_the_readers_teams_only(enter, staff, events):
    page = enter(staff.ellen).get(LIST).content.decode()

    assert "East-1" in page
    assert "West" not in page


def test_the_list_takes_as_many_statements_for_one_row_as_for_three(
    enter, staff, submission, noon, django_assert_num_queries
):
    quinn = enter(staff.quinn)

    def add(number):
        record_service_event(
            submission=submission(
                external_id=number, agent=number, customer=customer_entry(source="crm", external_id=number)
            ),
            at=noon,
        )

    add("1")
    quinn.get(LIST)
    with django_assert_num_queries(STATEMENTS):
        quinn.get(LIST)
    add("2")
    add("3")
    with django_assert_num_queries(STATEMENTS):
        quinn.get(LIST)


STATEMENTS = 12


def test_transitions_are_listed_within_scope(enter, staff, events, noon):
    record_transition(event=events[1], type="cancelled", happened_at=noon, at=noon)

    path = "/admin/service_events/serviceeventtransition/"

    assert listed(enter(staff.ellen).get(path), "type") == ["completed"]
    assert listed(enter(staff.wei).get(path), "type") == ["cancelled"]


def test_agents_are_listed_within_scope_and_edited_by_administrators(enter, staff, events, organisation):
    east = Agent.objects.get(code="A17")
    path = f"/admin/service_events/agent/{east.pk}/change/"

    assert listed(enter(staff.wei).get("/admin/service_events/agent/"), "code") == ["B1"]
    assert enter(staff.ellen).post(path, {"display_name": "x", "team": east.team_id}).status_code == 403
    response = enter(staff.root).post(
        path, {"display_name": "王师傅", "team": organisation.west_1.pk, "user": "", "code": "Z"}
    )

    east.refresh_from_db()
    assert response.status_code == 302
    assert (east.display_name, east.team, east.code) == ("王师傅", organisation.west_1, "A17")


@pytest.mark.parametrize("name", ["servicekind", "servicechannel"])
def test_administrators_add_kinds_and_channels(enter, staff, name):
    response = enter(staff.root).post(
        f"/admin/service_events/{name}/add/",
        {"names_en": "Moving", "names_zh_hans": "移机", "slug": "moving", "position": 5},
    )

    assert response.status_code == 302
    assert listed(enter(staff.ellen).get(f"/admin/service_events/{name}/", {"q": "moving"}), "slug") == [
        "moving"
    ]


def test_the_slug_of_a_kind_stays(enter, staff, organisation):
    path = f"/admin/service_events/servicekind/{organisation.repair.pk}/change/"

    response = enter(staff.root).post(
        path, {"names_en": "Repair", "names_zh_hans": "报修", "slug": "other", "position": 1}
    )

    assert response.status_code == 302
    assert list(ServiceKind.objects.filter(pk=organisation.repair.pk).values_list("names__en", "slug")) == [
        ("Repair", "after_sales_repair")
    ]


def test_the_day_of_opening_narrows_the_list(enter, staff, events, noon):
    day = noon - timedelta(hours=3)

    found = enter(staff.quinn).get(
        LIST, {"opened_at__year": day.year, "opened_at__month": day.month, "opened_at__day": day.day}
    )

    assert listed(found) == ["canary-east", "canary-west"]


@pytest.mark.parametrize(
    ("reader", "typed", "is_found"),
    [
        ("ellen", "canary-east", True),
        ("root", " canary-east ", True),
        ("root", "canary-eas", False),
        ("ellen", "C-1", False),
        ("wei", "canary-east", False),
        ("max", "canary-east", False),
    ],
)
def test_the_search_above_the_menu_finds_a_whole_ticket_number_within_scope(
    enter, staff, events, reader, typed, is_found
):
    page = enter(getattr(staff, reader)).get("/admin/search/", {"s": typed})

    assert page.status_code == 200
    assert (f"{LIST}{events[0].pk}/change/" in page.content.decode()) is is_found


def test_the_search_above_the_menu_finds_pages_and_says_what_it_looks_through(enter, staff):
    reader = enter(staff.root)

    assert LIST in reader.get("/admin/search/?s=service+events").content.decode()
    assert "Search the menu, ticket numbers…" in reader.get("/admin/").content.decode()
    assert reader.get("/admin/search/?s=").content == b""
    assert reader.get("/admin/search/?s=%00").status_code < 500


def test_what_only_technical_staff_need_is_folded(enter, staff, events):
    page = enter(staff.root).get(f"{LIST}{events[0].pk}/change/")

    (*_open, (title, folded)) = page.context["adminform"].fieldsets
    assert (str(title), folded["fields"], folded["classes"]) == (
        "Technical details",
        ("recorded_at", "is_replayed", "body"),
        ("collapse",),
    )
    assert "product: fridge" in page.content.decode()
