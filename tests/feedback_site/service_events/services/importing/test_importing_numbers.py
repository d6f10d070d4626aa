from datetime import datetime

import pytest

from feedback_site.common.clock import database_now
from feedback_site.service_events.models import EventImportCustomer, ServiceEvent
from feedback_site.service_events.services.importing import check_again, run_imports, running
from tests.factories.service_events.company_files import CHINA, HEADINGS, event, workbook
from tests.factories.service_events.imports import counts, reasons


def test_columns_are_filled_up_with_zeros_as_people_see_them(taken_in):
    def show_four_digits(book):
        book.active["B2"].number_format = '"T-"000_);[Red]-000'
        book.active["F2"].number_format = "0000"
        book.active["L2"].number_format = '"¥"0'

    taken_in(
        data=workbook(
            [*HEADINGS, "attributes.fee"], [*event(7, customer__external_id=12), 80], change=show_four_digits
        )
    )

    recorded = ServiceEvent.objects.get()
    assert (recorded.external_id, recorded.customer.external_id, recorded.attributes) == (
        "T-007",
        "0012",
        {"fee": "80"},
    )


@pytest.mark.parametrize("column", ["external_id", "customer.external_id"])
@pytest.mark.parametrize(
    "number",
    [
        202611300000000123,
        10**15,
        2.026113e17,
        "2.02611E+17",
        "2.02611E17",
        "2.02611 e+17",
        "2.02611×10^17",
        "２.02611e+17",
        "2026113000000001.0",
    ],
)
def test_numbers_that_lost_digits_refuse_their_row_by_name(taken_in, column, number):
    event_import = taken_in(HEADINGS, event(1), event(2, **{column.replace(".", "__"): number}))

    assert counts(event_import) == (1, 0, 1)
    assert reasons(event_import)[3].startswith(
        f"{column}: The spreadsheet kept only the first 15 digits of this number. Format the column as"
    )


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        (10**15 - 1, "9" * 15),
        ("202611300000000123", "202611300000000123"),
        ("123.0", "123"),
        (123.0, "123"),
        ("12E5", "12E5"),
        ("1.5", "1.5"),
        ("1E5", "1E5"),
        ("T-\u200b1", "T-1"),
        (0, "0"),
    ],
)
def test_numbers_that_are_whole_are_kept(taken_in, number, kept):
    taken_in(HEADINGS, event(number, customer__external_id="C"))

    assert ServiceEvent.objects.get().external_id == kept


NO_NUMBER = "This stands where a number is not known."


@pytest.mark.parametrize("word", ["无", "暂无", "-", "——", "N/A", "null", "０", "000", "同上"])
def test_a_word_for_not_known_makes_no_customer_of_many(taken_in, word):
    event_import = taken_in(HEADINGS, event(1, customer__external_id=word), event(2, external_id="无"))

    assert {line: reason.partition(" Leave")[0] for line, reason in reasons(event_import).items()} == {
        2: f"customer.external_id: {NO_NUMBER}",
        3: f"external_id: {NO_NUMBER}",
    }


@pytest.mark.parametrize("word", ["无", "-", "N/A", "未知"])
def test_a_word_for_not_known_is_neither_a_name_nor_an_agent(taken_in, word):
    event_import = taken_in([*HEADINGS, "agent"], [*event(1, customer__name=word), word])

    recorded = ServiceEvent.objects.get()
    assert (recorded.agent, recorded.customer.name_mask, event_import.warned) == (None, "", 1)
    assert [part.partition(":")[0] for part in reasons(event_import)[2].split("; ")] == [
        "customer.name",
        "agent",
    ]


def test_a_number_that_became_a_date_refuses_its_row_by_name(taken_in):
    event_import = taken_in(HEADINGS, event(1, customer__external_id=datetime(2026, 3, 1)))  # noqa: DTZ001 - as a cell holds it

    assert reasons(event_import)[2].startswith(
        "customer.external_id: The spreadsheet made a date of this number."
    )


PHONES = ("13812345678", "13912345678")


def test_one_customer_number_with_two_contacts_is_listed_and_not_merged(taken_in, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 1)
    known = [
        event(number, customer__external_id="C", customer__phone=phone)
        for number, phone in enumerate([*PHONES, None, PHONES[0]])
    ]

    event_import = taken_in(HEADINGS, *known, event(9, customer__external_id="D", customer__phone=PHONES[1]))

    assert counts(event_import) == (4, 0, 1)
    assert reasons(event_import)[3].startswith("In line 2 this customer number stands with another contact.")
    assert not EventImportCustomer.objects.exists()


@pytest.mark.parametrize(
    ("first", "second", "listed"),
    [
        ({"customer__name": "王小明"}, {"customer__name": "李雷"}, 1),
        (
            {"customer__name": "王小明", "customer__phone": PHONES[0]},
            {"customer__name": "王先生", "customer__phone": PHONES[0]},
            0,
        ),
        (
            {"customer__name": "王小明", "customer__phone": PHONES[0]},
            {"customer__name": "王小明", "customer__phone": PHONES[1]},
            1,
        ),
    ],
)
def test_names_decide_only_where_nothing_else_does(taken_in, first, second, listed):
    rows = [event(1, customer__external_id="C", **first), event(2, customer__external_id="C", **second)]

    assert taken_in(HEADINGS, *rows).listed == listed


def test_the_uploader_may_say_that_they_are_the_same_customers(checked, staff):
    rows = [
        event(number, customer__external_id="C", customer__phone=phone) for number, phone in enumerate(PHONES)
    ]
    event_import = checked(data=workbook(HEADINGS, *rows), name="events.xlsx", mapping=CHINA)

    check_again(
        event_import=event_import, changes={"contacts_differ": "last"}, by=staff.ada, at=database_now()
    )
    run_imports(clock=database_now)

    event_import.refresh_from_db()
    assert (event_import.status, counts(event_import)) == ("checked", (2, 0, 0))
