"""Files as companies keep them: workbooks with headings and columns of their own."""

from io import BytesIO

from openpyxl import Workbook

CHINA = {"time_zone": "Asia/Shanghai"}
HEADINGS = [
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


def event(number, **changes):
    facts = [
        "crm",
        number,
        "after_sales_repair",
        "phone",
        "east-1",
        f"C-{number}",
        "测试",
        None,
        "2026-01-05 9:00",
        "2026-01-05 10:30",
        "是",
    ]
    said = dict(zip(HEADINGS, facts, strict=True)) | {
        name.replace("__", "."): value for name, value in changes.items()
    }
    return list(said.values())


def workbook(*rows, change=lambda book: None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
