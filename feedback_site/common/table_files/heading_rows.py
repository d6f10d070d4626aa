"""Where a table begins, and what in a file is no row of it.

Titles above the headings, totals and footnotes below.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

from feedback_site.common.table_files.numbered import NumberedRow

IsHeading = Callable[[str], bool]

MOST_ABOVE = 20
_LEAST_COLUMNS = 3
_TOTAL = re.compile(
    r"(.{0,12}(?=[小合总]计)|)(合计|总计|小计|共计|总数|汇总|总和|累计|本页合计|本月合计|grandtotal|subtotal|totals?|sum)[:：]?\(?[\d.,]*[条单笔项件行个台元]?\)?"
    r"|(共|合计|总计)[:：]?[\d,]+[条单笔项件行个台](记录|工单|数据)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[-+¥$€]?\s*\d[\d.,]*\s*(%|条|单|笔|项|件|行|个|台|元|次|小时|分钟|h|min)?")
_FOOTNOTE = re.compile(
    r"(制表|审核|打印|导出|填表|填报|备注|说明|注|数据来源|统计|printed|exported|prepared|generated|note|source)[^:：]{0,8}[:：].*",
    re.IGNORECASE,
)


def clean_heading(text: str) -> str:
    """Return a heading without what people do not see or mean.

    Surrounding and double spaces, full-width letters and punctuation.
    """
    return " ".join(unicodedata.normalize("NFKC", text).replace("。", ".").replace("\ufeff", "").split())


def find_headings(rows: Sequence[NumberedRow], is_heading: IsHeading | None) -> int:
    """Return which of the first rows are the headings.

    It is the one with most known ones, else the first that is as wide as a table.
    """
    known = [_known_headings(row, is_heading) for row in rows]
    best = max(known, default=0)
    if best >= min(2, len(rows[0].cells)) and best:
        return known.index(best)
    widest = max(len(_filled(row)) for row in rows)
    return next((index for index, row in enumerate(rows) if _could_be_headings(row, widest)), 0)


def headings_of(rows: Sequence[NumberedRow], index: int) -> list[str]:
    """Return the headings of a row; where a cell is merged with the one above, the text stands there."""
    headings = [clean_heading(cell) for cell in rows[index].cells]
    above = rows[index - 1] if index and rows[index - 1].line == rows[index].line - 1 else None
    if above is not None and len(_filled(above)) > 1:
        headings = [
            heading or clean_heading(_at(above.cells, position)) for position, heading in enumerate(headings)
        ]
    while headings and not headings[-1]:
        headings.pop()
    return headings


def is_total(row: NumberedRow, columns: int) -> bool:
    """Return whether a row only sums up others: a word for that comes first, and the rest are numbers."""
    filled = _filled(row)
    if (
        columns < _LEAST_COLUMNS
        or not filled
        or not _TOTAL.fullmatch("".join(unicodedata.normalize("NFKC", filled[0]).split()))
    ):
        return False
    return all(_NUMBER.fullmatch(unicodedata.normalize("NFKC", cell)) for cell in filled[1:])


def is_footnote(row: NumberedRow, columns: int) -> bool:
    """Return whether a row says something about the file: who printed it, what a word means."""
    filled = _filled(row)
    if columns <= _LEAST_COLUMNS or not filled or len(filled) > max(1, columns // 3):
        return False
    return bool(_FOOTNOTE.fullmatch(filled[0]))


def repeats_headings(row: NumberedRow, headings: Sequence[str]) -> bool:
    """Return whether a row is the headings once more, as on every printed page."""
    return row.cells[:1] != [] and [clean_heading(cell) for cell in row.cells[: len(headings)]] == list(
        headings
    )


def _could_be_headings(row: NumberedRow, widest: int) -> bool:
    filled = _filled(row)
    is_wide = 2 * len(filled) >= widest
    return bool(row.problem) or (is_wide and not any(_NUMBER.fullmatch(cell) for cell in filled))


def _known_headings(row: NumberedRow, is_heading: IsHeading | None) -> int:
    if is_heading is None:
        return 0
    written = {cell for cell in row.cells if cell}
    return sum(1 for cell in written if is_heading(clean_heading(cell)))


def _filled(row: NumberedRow) -> list[str]:
    return [stripped for cell in row.cells if (stripped := cell.strip())]


def _at(cells: Sequence[str], position: int) -> str:
    return cells[position] if position < len(cells) else ""
