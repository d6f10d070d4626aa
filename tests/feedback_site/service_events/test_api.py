import json
from datetime import timedelta

import pytest

from feedback_site.customers.models import Consent, Customer
from feedback_site.customers.services import contacts_of
from feedback_site.service_events.models import ServiceEvent
from tests.factories.service_events.api_calls import EVENTS, NAIVE, post, wrong_fields


def test_a_new_event_is_answered_with_201_and_what_became_of_it(crm, body):
    response = post(crm, body())

    event = ServiceEvent.objects.get()
    answer = response.json()
    assert response.status_code == 201
    assert {
        name: answer[name] for name in ("id", "external_id", "status", "decision", "team", "agent", "segment")
    } == {
        "id": str(event.id),
        "external_id": "T-1001",
        "status": "completed",
        "decision": None,
        "team": "east-1",
        "agent": "A17",
        "segment": "existing",
    }
    assert "王" not in response.content.decode()
    assert "13812345678" not in response.content.decode()


def test_the_same_content_again_is_answered_with_200_and_the_same_id(crm, body):
    first = post(crm, body())

    second = post(crm, dict(reversed(body().items())))

    assert (second.status_code, second.json()["id"]) == (200, first.json()["id"])


def test_the_same_moment_in_another_offset_is_the_same_content(crm, body, now):
    post(crm, body(opened_at="2026-01-31T09:30:00+08:00"))

    assert post(crm, body(opened_at="2026-01-31T01:30:00Z")).status_code == 200


def test_a_repeat_is_compared_on_what_was_sent_and_not_on_what_became_of_it(crm, body, now):
    event = post(crm, body(completed_at=None)).json()
    post(crm, {"type": "cancelled", "at": now.isoformat()}, f"{EVENTS}{event['id']}/transitions/")

    response = post(crm, body(completed_at=None))

    assert (response.status_code, response.json()["status"]) == (200, "cancelled")


@pytest.mark.parametrize(
    "change",
    [
        {"is_resolved": False},
        {"customer": {"external_id": "C-9"}},
        {"attributes": {"product": "oven"}},
        {"consent": {"survey": False}},
        {"completed_at": None},
    ],
)
def test_other_content_under_the_same_key_is_409(crm, body, change):
    post(crm, body())

    response = post(crm, body(**change))

    assert response.status_code == 409
    assert response.json()["extra"] == {"source": "crm", "external_id": "T-1001"}
    assert (ServiceEvent.objects.count(), Consent.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"colour": "red", "size": 3}, {"colour": ["Unknown field."], "size": ["Unknown field."]}),
        ({"customer": {"external_id": "C-9", "age": 3}}, {"customer": {"age": ["Unknown field."]}}),
        ({"opened_at": "2026-01-31T09:30:00"}, {"opened_at": [NAIVE]}),
        ({"completed_at": "2026-01-31T09:30:00"}, {"completed_at": [NAIVE]}),
        ({"opened_at": "yesterday"}, {"opened_at": ["This is not an ISO 8601 time."]}),
        ({"opened_at": "2026-02-30T09:30:00+08:00"}, {"opened_at": ["This is not an ISO 8601 time."]}),
        ({"opened_at": 1760000000}, {"opened_at": ["This is not an ISO 8601 time."]}),
        ({"opened_at": "1999-12-31T23:59:59+00:00"}, {"opened_at": ["This time is before the year 2000."]}),
        ({"opened_at": "0001-01-01T00:00:00+14:00"}, {"opened_at": ["This time is before the year 2000."]}),
        ({"arrived_at": "9999-12-31T23:59:59-14:00"}, {"arrived_at": ["This time is in the future."]}),
        ({"kind": "gardening"}, {"kind": ["Unknown. Known are: after_sales_repair, complaint_handling"]}),
        ({"channel": "fax"}, {"channel": ["Unknown. Known are: on_site, phone"]}),
        ({"team": "north"}, {"team": ["Unknown. Known are: east, east-1, west, west-1"]}),
        ({"team": ["east"]}, {"team": ["Unknown. Known are: east, east-1, west, west-1"]}),
        (
            {"customer": {"external_id": "C-9", "segment": "gold"}},
            {"customer": {"segment": ["Unknown. Known are: existing, high_value, new"]}},
        ),
        ({"consent": {"spam": True}}, {"consent": {"spam": ["Unknown. Known are: survey, nps, visit"]}}),
        ({"consent": {"open": True}}, {"consent": {"open": ["Unknown. Known are: survey, nps, visit"]}}),
        ({"level": 4}, {"level": ['"4" is not a valid choice.']}),
        ({"handovers": -1}, {"handovers": ["Ensure this value is greater than or equal to 0."]}),
        (
            {"attributes": {"a": "\x00"}},
            {"attributes": ["This text holds characters that cannot be stored."]},
        ),
        (
            {"attributes": {"\ud800": 1}},
            {"attributes": ["This text holds characters that cannot be stored."]},
        ),
        (
            {"customer": "王小明"},
            {"customer": {"non_field_errors": ["Invalid data. Expected a dictionary, but got str."]}},
        ),
    ],
)
def test_what_is_wrong_is_refused_by_name(crm, body, change, wrong):
    response = post(crm, body(**change))

    assert wrong_fields(response) == wrong
    assert ServiceEvent.objects.count() == 0


def test_every_wrong_field_is_named_at_once(crm, body):
    response = post(
        crm,
        body(kind="gardening", opened_at="x", colour="red", customer={"external_id": "C-9", "phone": "12"}),
    )

    assert set(wrong_fields(response)) == {"kind", "opened_at", "colour", "customer"}


def test_required_fields_are_named(crm, body):
    response = post(crm, {})

    assert set(wrong_fields(response)) == {
        "source",
        "external_id",
        "kind",
        "channel",
        "team",
        "customer",
        "opened_at",
    }


UNUSABLE = {
    "external_id": "C-9",
    "name": "长" * 121,
    "phone": "13800007007/13900007007",
    "email": "wang <wang@example.com>",
}
LEFT_OUT = [
    {"field": "customer.name", "code": "not_a_name"},
    {"field": "customer.phone", "code": "not_a_phone_number"},
    {"field": "customer.email", "code": "not_an_email_address"},
]


def test_an_unusable_contact_is_left_out_and_named_and_the_event_is_taken(crm, body):
    first = post(crm, body(customer=UNUSABLE))
    again = post(crm, body(customer=UNUSABLE))
    usable = post(crm, body(external_id="T-2"))

    assert [response.status_code for response in (first, again, usable)] == [201, 200, 201]
    assert [response.json()["warnings"] for response in (first, again, usable)] == [LEFT_OUT, LEFT_OUT, []]
    assert "13800007007" not in first.content.decode()
    assert "wang" not in first.content.decode()


@pytest.mark.parametrize(
    "written",
    ["无", "-", "N/A", "0", "未留", "010-88887008转8", "1" * 300, "\x00", "\ud800", 7, 13800000101.5],
)
def test_whatever_stands_for_no_phone_is_no_phone_and_leaves_the_one_on_record(crm, body, written):
    post(crm, body())

    response = post(crm, body(external_id="T-2", customer={"external_id": "C-9", "phone": written}))

    assert response.status_code == 201
    assert response.json()["warnings"] == LEFT_OUT[1:2]
    assert Customer.objects.get().phone_mask == "****78"


def test_each_item_of_a_list_names_what_was_left_out_of_it(crm, body):
    response = post(
        crm,
        [
            body(customer=UNUSABLE),
            body(external_id="T-2"),
            body(external_id="T-3", kind="gardening", customer=UNUSABLE),
        ],
    )

    results = response.json()["results"]
    assert [result["status"] for result in results] == [201, 201, 400]
    assert [result.get("warnings") for result in results] == [LEFT_OUT, [], None]
    assert results[0]["event"]["warnings"] == LEFT_OUT


@pytest.mark.parametrize("number", [2.02611e17, 123.0, "2.02611E+17", "2.02611E17", "无", "N/A", "-", "0"])
def test_numbers_that_many_customers_would_share_are_refused(crm, body, number):
    response = post(crm, body(customer={"external_id": number}))

    assert (response.status_code, list(wrong_fields(response)["customer"])) == (400, ["external_id"])
    assert not Customer.objects.exists()


def test_whole_numbers_keep_all_their_digits(crm, body):
    assert post(crm, body(external_id=0, customer={"external_id": 202611300000000123})).status_code == 201

    assert Customer.objects.get().external_id == "202611300000000123"


def test_a_word_for_not_known_is_credited_to_no_agent(crm, body):
    response = post(crm, body(agent="N/A"))

    assert response.json()["warnings"] == [{"field": "agent", "code": "names_nobody"}]
    assert ServiceEvent.objects.get().agent is None


@pytest.mark.parametrize("phone", [True, ["13812345678"], {"number": "13812345678"}])
def test_a_contact_that_is_no_text_is_a_wrong_field(crm, body, phone):
    response = post(crm, body(customer={"external_id": "C-9", "phone": phone}))

    assert wrong_fields(response) == {"customer": {"phone": ["Not a valid string."]}}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("王😀小明", "王😀小明"),
        ("محمد \u202eعلي", "محمد علي"),
        ('O\'Brien, "Bob"', 'O\'Brien, "Bob"'),
        ('=HYPERLINK("http://x")', '=HYPERLINK("http://x")'),
        ("line1\nline2", "line1 line2"),
        ("a\u200bb\ufeff\x07", "ab"),
        ("𠮷野家", "𠮷野家"),
        ("{{ name }} {% x %} <b>bold</b> %s %(name)s", "{{ name }} {% x %} <b>bold</b> %s %(name)s"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("名" * 120, "名" * 120),
    ],
)
def test_names_are_kept_as_people_read_them(crm, body, written, kept):
    response = post(crm, body(customer={"external_id": "C-9", "name": written}))

    customer = Customer.objects.get()
    assert response.json()["warnings"] == []
    assert contacts_of([customer])[customer.pk].name == kept


@pytest.mark.parametrize("field", ["first_response_at", "arrived_at", "completed_at"])
def test_times_before_the_opening_are_refused_by_name(crm, body, now, field):
    response = post(crm, body(**{field: (now - timedelta(hours=4)).isoformat()}))

    assert wrong_fields(response) == {field: ["This is before the service event was registered."]}


def test_clocks_may_run_ahead_by_five_minutes_and_no_more(crm, body, now):
    accepted = post(crm, body(completed_at=(now + timedelta(minutes=4)).isoformat()))
    refused = post(crm, body(external_id="T-2", completed_at=(now + timedelta(minutes=6)).isoformat()))

    assert accepted.status_code == 201
    assert wrong_fields(refused) == {"completed_at": ["This time is in the future."]}


@pytest.mark.parametrize(
    "text",
    ["{", "[" * 100_000, '{"attributes": {"a": 1e999}}', '{"attributes": {"a": NaN}}', "null", '"text"', "3"],
)
def test_malformed_bodies_are_bad_requests(crm, body, text):
    assert post(crm, text).status_code == 400


def test_infinite_numbers_are_refused(crm, body):
    response = post(crm, json.dumps(body(attributes={"a": 1})).replace('"a": 1', '"a": 1e999'))

    assert wrong_fields(response) == {"attributes": ["This number is not finite."]}


def test_null_and_empty_text_say_the_same_as_leaving_a_field_out(crm, body):
    post(crm, body())
    emptied = body(
        external_id="T-2",
        agent="",
        product_line=None,
        customer={"external_id": "C-9", "name": None, "phone": "", "email": ""},
    )

    assert post(crm, emptied).status_code == 201
    customer = Customer.objects.get()
    assert (customer.name_mask, customer.phone_mask, customer.email_mask) == (
        "王**",
        "****78",
        "w***@***.com",
    )


def test_optional_facts_of_case_metrics_are_stored(crm, body, now):
    facts = {
        "level": 2,
        "complexity": "complex",
        "handovers": 1,
        "area": "outside",
        "arrived_at": (now - timedelta(hours=2)).isoformat(),
        "eta_told_at": (now - timedelta(hours=2, minutes=30)).isoformat(),
        "product_line": "冰箱",
        "warranty": True,
    }

    answer = post(crm, body(**facts)).json()

    event = ServiceEvent.objects.get()
    assert (event.level, event.complexity, event.handovers, event.area, event.is_in_warranty) == (
        2,
        "complex",
        1,
        "outside",
        True,
    )
    assert {name: answer[name] for name in facts if not name.endswith("_at")} == {
        name: value for name, value in facts.items() if not name.endswith("_at")
    }


def test_a_list_commits_the_valid_ones_and_lists_the_others(crm, body):
    post(crm, body(external_id="known"))
    items = [
        body(external_id="new"),
        body(kind="gardening"),
        body(external_id="known"),
        body(external_id="known", is_resolved=False),
        7,
    ]

    response = post(crm, items)

    results = response.json()["results"]
    assert response.status_code == 207
    assert [(result["index"], result["status"]) for result in results] == [
        (0, 201),
        (1, 400),
        (2, 200),
        (3, 409),
        (4, 400),
    ]
    assert results[0]["event"]["external_id"] == "new"
    assert results[1]["extra"]["fields"] == {
        "kind": ["Unknown. Known are: after_sales_repair, complaint_handling"]
    }
    assert set(ServiceEvent.objects.values_list("external_id", flat=True)) == {"known", "new"}


@pytest.mark.parametrize("size", [0, 1001])
def test_a_list_holds_between_one_and_a_thousand_events(crm, body, size):
    response = post(crm, [body(external_id=str(number)) for number in range(size)])

    assert wrong_fields(response) == ["Send between 1 and 1000 events."]
    assert ServiceEvent.objects.count() == 0


def test_a_list_takes_as_many_statements_for_two_events_as_for_forty(
    crm, body, django_assert_max_num_queries
):
    def batch(prefix, size):
        return [
            body(external_id=f"{prefix}{n}", agent=f"{prefix}{n}", customer={"external_id": f"{prefix}{n}"})
            for n in range(size)
        ]

    with django_assert_max_num_queries(30):
        assert post(crm, batch("a", 2)).status_code == 207
    with django_assert_max_num_queries(30):
        assert post(crm, batch("b", 40)).status_code == 207
