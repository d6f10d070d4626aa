"""Files as companies have them.

What people see in their spreadsheet program is what is taken in, and what is not is said.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from feedback_site.customers.services import contacts_of
from feedback_site.service_events.models import ServiceEvent
from tests.factories.service_events.company_files import CHINA, HEADINGS, event, workbook
from tests.factories.service_events.imports import counts, reasons

HEADINGS += ["completed_at", "consent.survey"]


OPENED, COMPLETED = (
    datetime(2026, 1, 5, 9, tzinfo=ZoneInfo("Asia/Shanghai")),
    datetime(2026, 1, 5, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
)


def test_a_csv_of_excel_in_chinese_with_title_and_total_needs_no_mapping(taken_in):
    lines = [
        "2026年1月服务工单",
        "导出人：张三,,,,,,,,,,",
        "来源系统,工单编号*,服务类型,服务渠道,团队,客户编号,客户姓名,客户电话（必填）,受理时间,完成时间,同意调查",
        "crm,ZH-1,售后报修,电话,东区一站,ZC1,测,13812345678,2026/1/5 9:00,2026年1月5日 10:30,是",
        "crm,ZH-2,After-sales repair,Phone,east-1,ZC2,测,,2026-1-5 9:00,,否",
        "crm,ZH-3,园艺,电话,东区一站,ZC3,测,,2026-1-5 9:00,,TRUE",
        "合 计,3 单,,,,,,,,,",
    ]

    event_import = taken_in(data="\r\n".join(lines).encode("gb18030"))

    first, second = ServiceEvent.objects.order_by("external_id")
    assert counts(event_import) == (2, 0, 1)
    assert (first.opened_at, first.completed_at, first.body["consent"]) == (
        OPENED,
        COMPLETED,
        {"survey": True},
    )
    assert (second.kind.slug, second.team.code, second.body["consent"]) == (
        "after_sales_repair",
        "east-1",
        {"survey": False},
    )
    assert reasons(event_import) == {
        6: "服务类型: Unknown. Known are: after_sales_repair, complaint_handling"
    }
    assert event_import.notes == [
        "Above the headings, no rows of the table: line 1, 2.",
        "Totals, not taken for rows: line 7.",
    ]


def test_dates_of_spreadsheets_are_read_in_the_zone_of_the_file(taken_in):
    forms = [
        datetime(2026, 1, 5, 9),  # noqa: DTZ001 - as cells hold them
        "2026/1/5 9:00",
        "2026年1月5日 9:00",
        46027.375,
        "46027.375",
        "5.1.2026 9:00",
        "2026-01-05T01:00:00Z",
    ]

    event_import = taken_in(HEADINGS, *[event(number, opened_at=form) for number, form in enumerate(forms)])

    assert counts(event_import) == (len(forms), 0, 0)
    assert set(ServiceEvent.objects.values_list("opened_at", flat=True)) == {OPENED}


def test_workbooks_that_count_days_from_1904_are_read_so(taken_in):
    naive = datetime(2026, 1, 5, 9)  # noqa: DTZ001 - as a cell holds it

    def mac(book):
        book.epoch = CALENDAR_MAC_1904

    rows = (HEADINGS, event(1, opened_at=naive), event(2, opened_at=46027.375 - 1462))

    assert counts(taken_in(data=workbook(*rows, change=mac))) == (2, 0, 0)
    assert set(ServiceEvent.objects.values_list("opened_at", flat=True)) == {OPENED}


def test_times_that_no_clock_showed_or_that_could_be_two_are_listed(taken_in):
    times = ["2025-03-30 02:30", "2025-10-26 02:30", "05/06/2025 09:00", "yesterday"]

    rows = [event(number, opened_at=time, completed_at=None) for number, time in enumerate(times)]
    event_import = taken_in(HEADINGS, *rows, mapping={"time_zone": "Europe/Berlin"})

    said = reasons(event_import)
    assert counts(event_import) == (0, 0, 4)
    assert (
        said[2] == "opened_at: There was no such time in Europe/Berlin: the clocks were put forward over it."
    )
    assert said[3].startswith("opened_at: The clocks in Europe/Berlin showed this time twice")
    assert said[4].startswith("opened_at: Day and month cannot be told apart here.")
    assert said[5] == f"opened_at: {WRITE_A_TIME}"


def test_the_order_of_day_and_month_can_be_stated(taken_in):
    event_import = taken_in(
        HEADINGS, event(1, opened_at="05/01/2026 09:00"), mapping={**CHINA, "date_order": "dmy"}
    )

    assert counts(event_import) == (1, 0, 0)
    assert ServiceEvent.objects.get().opened_at == OPENED


def test_what_stands_beside_the_table_and_what_the_eye_does_not_see_is_named(taken_in):
    def hide(book):
        book.active.row_dimensions[3].hidden = True
        book.active.column_dimensions["G"].hidden = True
        book.create_sheet("2月").append(["another", "table"])
        book.create_sheet("empty")
        book.create_sheet("draft").append(["x"])
        book["draft"].sheet_state = "hidden"

    event_import = taken_in(
        data=workbook(HEADINGS, event(1), event(2), HEADINGS, event(3), ["制表人：李四"], change=hide)
    )

    assert counts(event_import) == (3, 0, 0)
    assert event_import.notes == [
        "Only one sheet is read. Not read: 2月. Save each as a file of its own to import it.",
        "Hidden sheets were not read: draft.",
        "The headings once more: line 4.",
        "Below the table, no rows of it: line 6.",
        "Hidden in the spreadsheet, and read like the others: line 3.",
        "Hidden in the spreadsheet, and read like the others: column customer.name.",
    ]


def test_errors_and_formulas_without_a_result_are_no_values(taken_in):
    event_import = taken_in(
        HEADINGS,
        event(1, customer__phone='="138"&"12345678"', customer__name="#N/A"),
        event(2, completed_at="=NOW()"),
        event(3, consent__survey="#REF!"),
    )

    assert counts(event_import) == (1, 0, 2)
    assert event_import.warned == 1
    taken = ServiceEvent.objects.get()
    assert (taken.customer.name_mask, taken.customer.phone_mask) == ("", "")
    said = reasons(event_import)
    assert said[2].startswith("customer.name: The cell holds an error of the spreadsheet")
    assert "customer.phone: The cell holds a formula whose result was not saved." in said[2]
    assert said[3].startswith("completed_at: The cell holds a formula")
    assert said[4].startswith("consent.survey: The cell holds an error")


GUARDED = [
    ("'00123", "00123"),
    ('="00123"', "00123"),
    ("'=1+1", "=1+1"),
    ("'T-1", "'T-1"),
    ('="A""1"', 'A"1'),
]


@pytest.mark.parametrize(("cell", "number"), GUARDED)
def test_what_keeps_spreadsheets_from_calculating_is_no_part_of_a_text(taken_in, cell, number):
    quoted = cell.replace('"', '""')
    row = f"crm,\"{quoted}\",after_sales_repair,phone,east-1,C-1,'t Hooft,'+8613812345678,2026-01-05 9:00,,是"

    assert counts(taken_in(data=f"{','.join(HEADINGS)}\n{row}".encode())) == (1, 0, 0)

    recorded = ServiceEvent.objects.get()
    contact = contacts_of([recorded.customer])[recorded.customer_id]
    assert (recorded.external_id, contact.name, contact.phone) == (number, "'t Hooft", "+8613812345678")


WRITE_YES = (
    "This is not understood. Write “yes” or “是”, “no” or “否”, or leave it empty where it is not known."
)

WRITE_A_TIME = "This is not a date and time. Write it like 2026-01-31 09:30."


def test_what_is_not_understood_is_listed_with_how_people_write_it(taken_in):
    row = [*event(1, opened_at="昨天", consent__survey="maybe"), "maybe", "早上"]

    event_import = taken_in([*HEADINGS, "is_complaint", "reopened_at"], row)

    said = reasons(event_import)[2]
    assert all(f"{name}: {WRITE_A_TIME}" in said for name in ("opened_at", "reopened_at"))
    assert all(f"{name}: {WRITE_YES}" in said for name in ("consent.survey", "is_complaint"))


def test_a_csv_shows_errors_as_text(taken_in):
    lines = [",".join(HEADINGS), "crm,1,after_sales_repair,phone,east-1,C-1,#N/A,,########,,1"]

    event_import = taken_in(data="\n".join(lines).encode())

    assert reasons(event_import)[2].startswith("opened_at: The cell holds an error of the spreadsheet")


def test_rows_of_several_appliances_are_one_case(taken_in, checked):
    headings = [*HEADINGS, "product_line", "attributes.serial"]
    rows = [
        [*event(1), "冰箱", "S1"],
        [*[None] * len(HEADINGS), "空调", "S2"],
        [*event(2), "电视", "S3"],
        [*event(2), "洗衣机", "S4"],
        [*event(2), "洗衣机", "S5"],
    ]

    event_import = taken_in(headings, *rows)

    first, second = ServiceEvent.objects.order_by("external_id")
    assert counts(event_import) == (2, 3, 0)
    assert (first.product_line, first.attributes) == (
        "冰箱",
        {"serial": "S1; S2", "product_lines": "冰箱; 空调"},
    )
    assert (second.product_line, second.attributes) == (
        "电视",
        {"serial": "S3; S4; S5", "product_lines": "电视; 洗衣机"},
    )
    assert event_import.notes == ["Further rows of the service event above them: line 3, 5, 6."]
    assert counts(checked(data=workbook(headings, *rows), name="again.xlsx", mapping=CHINA)) == (0, 5, 0)


def test_a_name_that_two_teams_share_is_refused_with_their_codes(taken_in, organisation):
    type(organisation.east).objects.filter(code="east").update(names={"en": "East", "zh-hans": "东区一站"})

    event_import = taken_in(HEADINGS, event(1, team="东区一站"))

    assert reasons(event_import) == {
        2: "team: Several have this name: write the code instead. Codes are: east, east-1"
    }


@pytest.mark.parametrize("word", ["是", "TRUE", "1", "Y", "√", "有", "Yes", "１", 1, True])
def test_words_for_yes_in_either_language(taken_in, word):
    taken_in([*HEADINGS, "is_complaint"], [*event(1), word])

    assert ServiceEvent.objects.get().is_complaint


@pytest.mark.parametrize("word", ["无", "maybe"])
def test_an_absence_is_no_refusal_of_consent(taken_in, word):
    assert reasons(taken_in(HEADINGS, event(1, consent__survey=word)))[2].startswith("consent.survey: ")


def test_a_completion_before_the_beginning_is_said_to_be_one(taken_in):
    event_import = taken_in(HEADINGS, event(1, completed_at="2026-01-05 8:00"))

    assert reasons(event_import) == {2: "completed_at: This is before the service event was registered."}


@pytest.mark.parametrize("total", ["合计（2单）", "2026年1月小计", "东区合计", "TOTAL (2)"])
def test_totals_of_any_name_are_no_rows(taken_in, total):
    event_import = taken_in(HEADINGS, event(1), [total, 2])

    assert (counts(event_import), event_import.notes) == ((1, 0, 0), ["Totals, not taken for rows: line 3."])
