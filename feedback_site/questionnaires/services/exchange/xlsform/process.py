"""Reads a workbook as an XLSForm, by pyxform, in a process of its own, whose memory and time are bounded.

Started by `reading`.

Standard input is the workbook (a file, not a pipe), the only argument the limits as JSON. Standard
output is one line of JSON: `{"survey": rows, "choices": rows, "settings": rows, "sheets": names,
"columns": notes, "complaint": sentence}` with every row as pyxform names its columns, plus `row`
(the number that the spreadsheet shows), or `{"error": word}`. It imports nothing of the site.
"""

import copy
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_SHEETS = ("survey", "choices", "settings")
_MOST_OUTPUT, _MOST_COLUMNS = 8_000_000, 300
# The guards of every workbook are kept in one place. An
# isolated interpreter finds nothing of the site by itself.
sys.path.append(str(Path(__file__).resolve().parents[4] / "common/table_files"))
from workbook_process import WorkbookRefusedError, bound, check_archive, is_forbidden, refuse  # type: ignore[import-not-found]  # noqa: E402 - see above

Row = dict[str, Any]


def main() -> None:
    """Read standard input as an XLSForm."""
    limits = json.loads(sys.argv[1])
    bound(limits)
    stream = os.fdopen(0, "rb")
    try:
        answer = _read(stream, limits)
    except WorkbookRefusedError as refused:
        answer = {"error": str(refused)}
    except (MemoryError, SystemError):
        answer = {"error": "memory"}
    except Exception as error:  # noqa: BLE001 - whatever a broken workbook raises, it is one
        answer = {
            "error": "entities" if is_forbidden(error) else "workbook",
            "kind": type(error).__name__,
            "words": _words(error),
        }
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
    os._exit(0)  # what is left of a broken workbook is not waited for


def _read(stream: Any, limits: dict[str, int]) -> dict[str, Any]:
    stream.seek(0)  # the one who opened the file has looked at it
    is_old = stream.read(4) == _OLD_WORKBOOK
    stream.seek(0)
    if not is_old:
        check_archive(stream, limits)
    from pyxform.xls2json_backends import xls_to_dict, xlsx_to_dict  # noqa: PLC0415 - not before the archive has been looked at

    content = stream.read()
    book = (xls_to_dict if is_old else xlsx_to_dict)(io.BytesIO(content))
    if not book.get("survey"):
        refuse("survey")
    for name in _SHEETS:
        if len(book.get(name) or []) > limits["rows"]:
            refuse("rows")
    complaint = _complaint(copy.deepcopy(book))
    notes = [] if is_old else _without_heading(content, limits)
    sheets = {name: _rows(book, name, notes) for name in _SHEETS}
    answer = {**sheets, "sheets": book["sheet_names"], "columns": notes, "complaint": complaint}
    if len(json.dumps(answer)) > _MOST_OUTPUT:
        refuse("unpacked")
    return answer


def _without_heading(content: bytes, limits: dict[str, int]) -> list[dict[str, Any]]:
    """Return the rows with cells in columns that have no heading: pyxform passes them over."""
    from openpyxl import load_workbook  # noqa: PLC0415 - see above

    notes = []
    sheets = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets
    for sheet in [sheet for sheet in sheets if sheet.title.strip().lower() in _SHEETS]:
        rows = sheet.iter_rows(max_row=limits["rows"] + 1, max_col=_MOST_COLUMNS, values_only=True)
        headed = {place for place, heading in enumerate(next(rows, ())) if heading not in (None, "")}
        for number, row in enumerate(rows, start=2):
            if any(value not in (None, "") and place not in headed for place, value in enumerate(row)):
                notes.append(
                    {"sheet": sheet.title.strip().lower(), "row": number, "problem": "heading", "name": ""}
                )
    return notes


def _complaint(book: dict[str, Any]) -> str:
    """Return what pyxform has against the form as a whole, nothing where it would take it."""
    from pyxform.xls2json import workbook_to_json  # noqa: PLC0415 - see above
    from pyxform.xls2json_backends import DefinitionData  # noqa: PLC0415 - see above

    try:
        known = {name: value for name, value in book.items() if name in DefinitionData.__dataclass_fields__}
        workbook_to_json(DefinitionData(**known), warnings=[])
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - it is told, and what can be mapped is mapped nevertheless
        return _words(error) or type(error).__name__
    return ""


def _rows(book: dict[str, Any], sheet: str, notes: list[dict[str, Any]]) -> list[Row]:
    """Return the rows of a sheet under pyxform's own names of columns.

    Languages become objects, `bind` is flattened by the reader.
    """
    from pyxform.parsing.sheet_headers import process_row  # noqa: PLC0415 - see above

    tokens = _columns(book, sheet, notes)
    language = _default_language(book)
    rows = []
    for number, row in enumerate(book.get(sheet) or [], start=2):
        filled = {header: value for header, value in row.items() if value is not None}
        known = {header: value for header, value in filled.items() if header in tokens}
        if not known:
            if row:
                notes.append(
                    {
                        "sheet": sheet,
                        "row": number,
                        "problem": "columns",
                        "name": ", ".join(str(key) for key in row),
                    }
                )
            continue
        try:
            cells = process_row(
                sheet, known, tokens, number, default_language=language, strip_whitespace=sheet == "survey"
            )
        except Exception as error:  # noqa: BLE001 - the row is listed, the others are read
            notes.append({"sheet": sheet, "row": number, "problem": "row", "name": _words(error)})
            continue
        cells["row"] = number
        rows.append(_parsed(cells) if sheet == "survey" else cells)
    return rows


def _columns(book: dict[str, Any], sheet: str, notes: list[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Return pyxform's name of each column; of two that mean the same the first counts."""
    from pyxform import aliases  # noqa: PLC0415 - see above
    from pyxform.parsing.sheet_headers import process_header  # noqa: PLC0415 - see above
    from pyxform.question import MultipleChoiceQuestion, Option  # noqa: PLC0415 - see above
    from pyxform.survey import Survey  # noqa: PLC0415 - see above

    names, slots = {
        "survey": (aliases.survey_header, MultipleChoiceQuestion.get_slot_names()),
        "choices": (aliases.list_header, Option.get_slot_names()),
        "settings": (aliases.settings_header, Survey.get_slot_names()),
    }[sheet]
    headers = [header for entry in book.get(f"{sheet}_header") or [] for header in entry]
    by_colons = any("::" in header for header in headers)
    found: dict[tuple[str, ...], str] = {}
    columns = {}
    for header in headers:
        _name, tokens = process_header(
            header, by_colons, names, set(slots) | {"type", "name", "label", "hint"}
        )
        if tokens in found:
            notes.append(
                {"sheet": sheet, "row": 1, "problem": "twice", "name": header, "other": found[tokens]}
            )
            continue
        found[tokens] = header
        columns[header] = tokens
    return columns


def _default_language(book: dict[str, Any]) -> str:
    settings = {
        str(key).strip().lower(): value
        for row in (book.get("settings") or [])[:1]
        for key, value in row.items()
    }
    return str(settings.get("default_language") or "default")


def _parsed(row: Row) -> Row:
    """Say what the words of a type mean: which control begins or ends, which list is chosen from."""
    from pyxform import aliases  # noqa: PLC0415 - see above
    from pyxform.parsing.parameters import parse  # noqa: PLC0415 - see above
    from pyxform.xls2json import RE_BEGIN_CONTROL, RE_END_CONTROL, RE_SELECT  # noqa: PLC0415 - see above

    kind = str(row.get("type") or "").strip()
    row["written_type"] = kind
    kind = " ".join(kind.split())
    if begins := RE_BEGIN_CONTROL.match(kind):
        row |= {"looks": row.pop("control", {}), "type": "begin", "control": aliases.control[begins["type"]]}
    elif ends := RE_END_CONTROL.match(kind):
        row |= {"looks": row.pop("control", {}), "type": "end", "control": aliases.control[ends["type"]]}
    elif chosen := RE_SELECT.match(kind):
        command = chosen["select_command"]
        from_file = command in aliases.select_from_file
        row |= {
            "type": "select from file" if from_file else aliases.select[command],
            "list": chosen["list_name"],
            "or_other": bool(chosen["specify_other"]),
        }
    else:
        row["type"] = kind
    try:
        row["parameters"] = parse(str(row.get("parameters") or ""), row["row"])
    except Exception:  # noqa: BLE001 - the reader says so
        row["parameters"] = None
    return row


def _words(error: BaseException) -> str:
    return " ".join(str(error).split())[:500]


if __name__ == "__main__":
    main()
