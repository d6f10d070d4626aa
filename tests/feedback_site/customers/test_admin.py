import pytest
from django.test import Client

from feedback_site.customers.models import Customer, Segment
from feedback_site.customers.services import credit_team, record_consent
from tests.factories.customers.case import upsert_customer

LIST = "/admin/customers/customer/"


@pytest.fixture
def enter():
    """Open the staff pages as a person, in English."""

    def enter(user):
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def customers(organisation, wang):
    """Wang of the east and Ann of the west."""
    ann = upsert_customer(
        source="crm",
        external_id="C-10",
        name="Ann Lee",
        phone="+14155552671",
        email="ann@example.com",
        segment=organisation.new,
    )
    credit_team(customer=wang, team=organisation.east_1)
    credit_team(customer=ann, team=organisation.west_1)
    return wang, ann


def listed(response):
    assert response.status_code == 200
    return sorted(customer.external_id for customer in response.context["cl"].result_list)


def test_the_list_and_the_page_of_a_customer_show_masks_only(enter, staff, customers, noon):
    record_consent(
        customer=customers[0],
        purpose="survey",
        is_granted=True,
        stated_at=noon,
        source="crm",
        overrides_refusal=False,
    )
    ellen = enter(staff.ellen)

    pages = [ellen.get(LIST).content.decode(), ellen.get(f"{LIST}{customers[0].pk}/change/").content.decode()]

    for page in pages:
        assert "王**" in page
        assert "****78" in page
        for secret in ("王小明", "13812345678", "Wang@Example.com"):
            assert secret not in page
    assert "✓" in pages[0]
    assert "allowed" in pages[1]


def test_staff_see_customers_of_their_own_teams(enter, staff, customers):
    assert listed(enter(staff.ellen).get(LIST)) == ["C-9"]
    assert listed(enter(staff.wei).get(LIST)) == ["C-10"]
    assert listed(enter(staff.quinn).get(LIST)) == ["C-10", "C-9"]
    assert enter(staff.ellen).get(f"{LIST}{customers[1].pk}/change/").status_code == 302
    assert enter(staff.max).get(LIST).status_code == 403


@pytest.mark.parametrize(
    "term", ["C-9", "13812345678", "+86 138-1234-5678", "wang@example.com", " WANG@example.com "]
)
def test_a_customer_is_found_by_the_whole_number_phone_or_email_which_never_stands_in_an_address(
    enter, staff, customers, term
):
    quinn = enter(staff.quinn)

    response = quinn.post(f"{LIST}find/", {"q": term})

    assert response["Location"] == f"{LIST}?pk__in={customers[0].pk}"
    assert listed(quinn.get(response["Location"])) == ["C-9"]
    assert listed(quinn.get(LIST, {"q": term})) == []


@pytest.mark.parametrize("term", ["C-", "1381234", "wang", "王小明", "王"])
def test_a_part_finds_no_customer(enter, staff, customers, term):
    quinn = enter(staff.quinn)

    response = quinn.post(f"{LIST}find/", {"q": term})

    assert response["Location"] == LIST
    assert "Not found. Search by the complete number" in quinn.get(LIST).content.decode()


def test_searching_asks_for_the_right_to_see_customers_and_for_a_post(enter, staff, customers):
    assert enter(staff.max).post(f"{LIST}find/", {"q": "C-9"}).status_code == 403
    assert enter(staff.quinn).get(f"{LIST}find/", {"q": "C-9"}).status_code == 405
    assert enter(staff.quinn).post(f"{LIST}find/", {"q": " \0 "})["Location"] == LIST


def test_search_stays_within_the_readers_scope(enter, staff, customers):
    assert enter(staff.wei).post(f"{LIST}find/", {"q": "13812345678"})["Location"] == LIST
    assert listed(enter(staff.wei).get(LIST, {"pk__in": str(customers[0].pk)})) == []


def test_filters_narrow_the_list_and_others_are_refused(enter, staff, customers, organisation):
    quinn = enter(staff.quinn)

    assert listed(quinn.get(LIST, {"segment__id__exact": organisation.new.pk})) == ["C-10"]
    assert listed(quinn.get(LIST, {"name_mask__startswith": "王"})) == listed(
        quinn.get(LIST, {"name_mask__startswith": "A"})
    )


def test_customers_are_read_only_even_for_administrators(enter, staff, customers):
    root = enter(staff.root)

    assert root.get(f"{LIST}add/").status_code == 403
    assert root.post(f"{LIST}{customers[0].pk}/change/", {"language": "en"}).status_code == 403
    assert root.post(f"{LIST}{customers[0].pk}/delete/", {"post": "yes"}).status_code == 403
    assert Customer.objects.count() == 2


def test_the_list_takes_as_many_statements_for_one_row_as_for_three(
    enter, staff, wang, noon, django_assert_num_queries
):
    quinn = enter(staff.quinn)

    def add(number):
        customer = upsert_customer(source="crm", external_id=number, name="王小明")
        record_consent(
            customer=customer,
            purpose="survey",
            is_granted=True,
            stated_at=noon,
            source="crm",
            overrides_refusal=False,
        )

    add("1")
    quinn.get(LIST)
    with django_assert_num_queries(STATEMENTS):
        quinn.get(LIST)
    add("2")
    add("3")
    with django_assert_num_queries(STATEMENTS):
        quinn.get(LIST)


STATEMENTS = 9


def test_consents_are_listed_within_scope(enter, staff, customers, noon):
    for customer in customers:
        record_consent(
            customer=customer,
            purpose="nps",
            is_granted=False,
            stated_at=noon,
            source="crm",
            overrides_refusal=False,
        )

    response = enter(staff.ellen).get("/admin/customers/consent/")

    assert [row.customer.external_id for row in response.context["cl"].result_list] == ["C-9"]
    assert "refused" in response.content.decode()


def test_administrators_edit_segments_but_keep_their_slugs(enter, staff, organisation):
    root = enter(staff.root)
    path = f"/admin/customers/segment/{organisation.new.pk}/change/"

    response = root.post(
        path, {"names_en": "Newcomers", "names_zh_hans": "新客户", "slug": "other", "position": 3}
    )

    assert response.status_code == 302
    assert list(
        Segment.objects.filter(pk=organisation.new.pk).values_list("names__en", "slug", "position")
    ) == [("Newcomers", "new", 3)]
    assert enter(staff.ellen).post(path, {"names_en": "x"}).status_code == 403
