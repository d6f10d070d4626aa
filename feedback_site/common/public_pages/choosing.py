"""In which language a customer reads who was not invited."""

from django.conf import settings
from django.utils.translation.trans_real import parse_accept_lang_header

from feedback_site.common.languages import Language
from feedback_site.common.public_pages.http import Request
from feedback_site.common.public_pages.pages import LANGUAGES_ASKED


def language_of(request: Request, default: str = "") -> str:
    """Return the language to show.

    It is asked for in the address, else the browser's first that we know, else `default`, the site's own.
    """
    asked = LANGUAGES_ASKED.get(request.asked("lang").lower())
    if asked:
        return asked
    for code, _weight in parse_accept_lang_header(request.header("ACCEPT_LANGUAGE").lower()):
        known = LANGUAGES_ASKED.get(code.partition("-")[0])
        if known:
            return known
    return default or LANGUAGES_ASKED.get(settings.LANGUAGE_CODE.partition("-")[0], Language.CHINESE.value)
