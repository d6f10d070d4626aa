"""Which of our question types a type of XLSForm is, and why others are none."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from feedback_site.questionnaires.document import Json, Settings
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.questions.xlsform import XlsformRow

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


def type_of(row: Json) -> str:
    """Return our type for a row, empty where there is none."""
    kind, _stated = _match(row)
    return kind


def known_appearances() -> set[str]:
    """Return the appearances that decide which type a row becomes."""
    return {stated.appearance for kind in QUESTION_CLASSES.values() for stated in kind.xlsform} - {""}


def settings_of(row: Json) -> Settings:
    """Return the settings that the type of a row states by itself.

    Whether a number has decimals, whether any file will do.
    """
    _kind, stated = _match(row)
    return stated.settings if stated else {}


def _match(row: Json) -> tuple[str, XlsformRow | None]:
    """Return our type that takes such rows, and what it says of them.

    One that asks for the row's appearance comes first.
    """
    written, looks = str(row.get("type", "")).lower(), _looks(row.get("control"))
    of_type = [
        (name, stated)
        for name, kind in QUESTION_CLASSES.items()
        for stated in kind.xlsform
        if written in stated.types
    ]
    fitting = [(name, stated) for name, stated in of_type if stated.appearance in looks]
    return max(fitting, key=lambda one: len(one[1].appearance), default=("", None))


def _looks(control: object) -> str:
    """Return the appearance of a row; more than one line is one, too."""
    if not isinstance(control, Mapping):
        return ""
    lines = "multiline" if str(control.get("rows", "")).strip() not in {"", "1"} else ""
    return f"{control.get('appearance', '')} {lines}"


def reason_against(row: Json) -> str:
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
