"""Files as companies have them.

What people see in their spreadsheet program is taken in, and what is not is named.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from tests.acceptance.demo import Demo
from tests.acceptance.transcript import Transcript

_CHINA = ZoneInfo("Asia/Shanghai")
_HEADINGS = [
    "source",
    "external_id",
    "kind",
    "channel",
    "team",
    "customer.external_id",
    "customer.name",
    "customer.phone",
    "opened_at",
]
_HEADINGS += ["completed_at", "consent.survey"]


def walk(demo: Demo, transcript: Transcript, *, folder: Path) -> None:
    """Import files as companies have them.

    A Chinese CSV of Excel, a workbook with what the eye does not see, rounded numbers, and two days of one
    list.
    """
    del folder
    (demo.data_dir / "china.json").write_text(json.dumps({"time_zone": "Asia/Shanghai"}), "utf-8")
    opened = (
        (datetime.now(UTC) - timedelta(days=1))
        .astimezone(_CHINA)
        .replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None)
    )
    _a_csv_of_excel(demo, transcript, opened)
    _a_workbook(demo, transcript, opened)
    _rounded_numbers(demo, transcript, opened)
    _two_days(demo, transcript, opened)
    transcript.command("python manage.py verify")
    verified = demo.manage("verify")
    transcript.check(holds=verified.returncode == 0, text=verified.stdout.strip().splitlines()[-1])


def _a_csv_of_excel(demo: Demo, transcript: Transcript, opened: datetime) -> None:
    transcript.step("A CSV that Excel saved in Chinese: a title above, a total below, words instead of codes")
    lines = [
        "服务工单导出",
        "来源系统,工单编号,服务类型,服务渠道,团队,客户编号,客户姓名,客户电话,受理时间,完成时间,同意调查",
        (
            f"walk,ZH-1,售后报修,电话,east-1,ZC1,测,12099991001,{opened:%Y/%m/%d} 9:00,{opened:%Y年%m月%d日} "
            "10:30,否"
        ),
        f"walk,ZH-2,after_sales_repair,phone,east-1,ZC2,测,,{opened:%Y-%m-%d} 9:00,,FALSE",
        "合计,2,,,,,,,,,",
    ]
    file = demo.data_dir / "excel.csv"
    file.write_bytes("\r\n".join(lines).encode("gb18030"))
    printed = _import(demo, transcript, file)
    transcript.check(holds=printed[-1] == "read 2, imported 2, repeated 0, listed 0", text=printed[-1])
    transcript.check(
        holds=sum(line.startswith("note: ") for line in printed) == 2,
        text="title and total are named, and are no rows",
    )


def _a_workbook(demo: Demo, transcript: Transcript, opened: datetime) -> None:
    transcript.step(
        "A workbook: a date as Excel counts it, a hidden row, a second sheet, #N/A for a name, a formula "
        "without its result"
    )
    days = (opened - datetime(1899, 12, 30)).total_seconds() / 86_400  # noqa: DTZ001 - spreadsheets know no zone

    def hide(book: Workbook) -> None:
        book.worksheets[0].row_dimensions[3].hidden = True
        book.create_sheet("2月").append(["another table"])

    rows = [
        _row("XL-1", opened=days),
        _row("XL-2", opened=opened, name="#N/A"),
        _row("XL-3", opened=f"{opened:%Y/%m/%d} 9:00", completed="=NOW()"),
    ]
    printed = _import(demo, transcript, _workbook(demo, "seen.xlsx", rows, change=hide))
    transcript.check(holds=printed[-1] == "read 3, imported 2, repeated 0, listed 1", text=printed[-1])
    named = [line for line in printed if line.startswith(("note: ", "line "))]
    transcript.check(
        holds=len(named) == 4, text=f"sheet, hidden row, name and formula are named: {len(named)} lines"
    )


def _rounded_numbers(demo: Demo, transcript: Transcript, opened: datetime) -> None:
    transcript.step("Numbers of 18 digits that a spreadsheet rounded: three customers would become one")
    rows = [_row(f"LC-{number}", opened=opened, customer=2.02611300000000e17 + number) for number in range(3)]
    printed = _import(demo, transcript, _workbook(demo, "rounded.xlsx", rows))
    transcript.check(holds=printed[-1] == "read 3, imported 0, repeated 0, listed 3", text=printed[-1])


def _two_days(demo: Demo, transcript: Transcript, opened: datetime) -> None:
    transcript.step("Yesterday's list, then today's with one case completed and one cancelled")
    headings = [*_HEADINGS, "cancelled_at"]
    ended = f"{opened:%Y-%m-%d} 11:00"
    first = [[*_row(f"D-{number}", opened=opened), None] for number in (1, 2, 3)]
    second = [
        [*_row("D-1", opened=opened, completed=ended), None],
        [*_row("D-2", opened=opened), ended],
        [*_row("D-3", opened=opened), None],
    ]
    counted = [
        _import(demo, transcript, _workbook(demo, f"day{number}.xlsx", rows, headings=headings))[-1]
        for number, rows in enumerate((first, second, second), start=1)
    ]
    expected = ["imported 3, repeated 0", "imported 2, repeated 1", "imported 0, repeated 3"]
    transcript.check(
        holds=counted == [f"read 3, {part}, listed 0" for part in expected],
        text=f"first, second, second again: {counted}",
    )


def _row(
    number: str, *, opened: Any, completed: Any = None, name: str = "测试", customer: Any = ""
) -> list[Any]:
    facts = [
        "walk",
        number,
        "after_sales_repair",
        "phone",
        "east-1",
        customer or f"C-{number}",
        name,
        None,
        opened,
        completed,
    ]
    return [*facts, "否"]


def _workbook(
    demo: Demo,
    name: str,
    rows: list[list[Any]],
    *,
    headings: list[str] | None = None,
    change: Callable[[Workbook], None] = lambda _book: None,
) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in [headings or _HEADINGS, *rows]:
        sheet.append(row)
    change(book)
    book.save(demo.data_dir / name)
    return demo.data_dir / name


def _import(demo: Demo, transcript: Transcript, file: Path) -> list[str]:
    transcript.command(f"python manage.py import_service_events {file.name} --mapping china.json")
    done = demo.manage("import_service_events", str(file), "--mapping", str(demo.data_dir / "china.json"))
    printed = done.stdout.strip().splitlines() or [done.stderr.strip()]
    for line in printed:
        transcript.note(line)
    return printed
