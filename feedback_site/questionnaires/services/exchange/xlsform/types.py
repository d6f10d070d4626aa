"""Which of our question types a type of XLSForm is, and why others are none."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.questions.file import PHOTO
from feedback_site.questionnaires.questions.number import MOST_PLACES

Row = Mapping[str, Any]
_WORDS = {"text", "string", "q string", "add text prompt"}
_WHOLE = {"integer", "int", "q int", "add integer prompt"}
_DECIMAL = {"decimal", "q decimal", "add decimal prompt"}
_DAY = {"date", "q date", "add date prompt"}
_NOTE = {"note", "q note", "add note prompt"}
_PICTURE = {"image", "photo", "q image", "q picture", "add image prompt", "add photo prompt"}
_FILE = {"file", "add file prompt"}
_DEVICE = {
    "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email",
    "audit", "imei", "start time", "end time", "get start time", "get end time", "get today",
    "get device id", "get subscriber id", "get sim id", "get phone number", "device id", "subscriber id",
    "sim id", "phone number", "start-geopoint", "background-audio", "background-geopoint",
}  # fmt: skip
_PLACES = {
    "geopoint",
    "geotrace",
    "geoshape",
    "gps",
    "location",
    "q geopoint",
    "q geotrace",
    "q geoshape",
    "q location",
    "osm",
}
_SOUNDS = {"audio", "video", "q audio", "q video", "add audio prompt", "add video prompt"}
_TIMES = {
    "time",
    "datetime",
    "date time",
    "q date time",
    "add date time prompt",
    "add datetime prompt",
    "q datetime",
}
_COMPUTED = {
    "calculate",
    "q calculate",
    "add calculate prompt",
    "hidden",
    "csv-external",
    "xml-external",
    "calculate_here",
}
_ACKNOWLEDGED = {"acknowledge", "trigger", "q acknowledge", "add acknowledge prompt"}
_CODES = {"barcode", "q barcode", "add barcode prompt"}


def type_of(row: Row) -> str:
    """Return our type for a row, empty where there is none."""
    kind = str(row.get("type", "")).lower()
    control = row.get("control")
    looks = str(control.get("appearance", "") if isinstance(control, Mapping) else "")
    types = {
        **dict.fromkeys(_WHOLE | _DECIMAL, "number"),
        **dict.fromkeys(_DAY, "date"),
        **dict.fromkeys(_NOTE, "section"),
        **dict.fromkeys(_WORDS, "text" if "multiline" in looks or _has_rows(control) else "short_text"),
        **dict.fromkeys(_PICTURE, "signature" if "signature" in looks else "file"),
        **dict.fromkeys(_FILE, "file"),
        "select one": "choice",
        "select all that apply": "multiple",
        "range": "number",
    }
    found = types.get(kind, "")
    return found if found in QUESTION_CLASSES else ""


def settings_of(row: Row, kind: str) -> dict[str, Any]:
    """Return the settings that the type of a row states by itself:
    whether a number has decimals, whether any file will do.
    """
    written = str(row.get("type", "")).lower()
    if written in _DECIMAL:
        return {"places": MOST_PLACES}
    return {"kinds": [PHOTO]} if kind == "file" and written in _PICTURE else {}


def reason_against(row: Row) -> str:
    """Return why a row of this type cannot be asked here."""
    kind = str(row.get("type", "")).lower()
    reasons = (
        ({""}, _("the row has no type.")),
        (_DEVICE, _("what a device records by itself is not collected here.")),
        (_PLACES, _("places on a map cannot be asked here.")),
        (_SOUNDS, _("sound and video cannot be asked here.")),
        (_TIMES, _("times of day cannot be asked here; days can.")),
        (_COMPUTED, _("values that the form computes cannot be mapped.")),
        (_ACKNOWLEDGED, _("a box to tick without choices cannot be mapped.")),
        (_CODES, _("barcodes cannot be read here.")),
        ({"rank"}, _("a ranking cannot be asked here.")),
        (
            {"select from file", "select one external", "select_one_external"},
            _("choices from another file or sheet cannot be mapped."),
        ),
        ({"include"}, _("a part from another form cannot be mapped.")),
    )
    kind = "osm" if kind.startswith("osm ") else kind
    known = next((reason for kinds, reason in reasons if kind in kinds), "")
    return known or _("the type “%(type)s” is unknown.") % {"type": str(row.get("written_type", ""))[:60]}


def _has_rows(control: Any) -> bool:
    return isinstance(control, Mapping) and str(control.get("rows", "")).strip() not in {"", "1"}
