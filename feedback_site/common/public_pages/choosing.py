"""In which language a customer reads who was not invited."""

from django.conf import settings
from django.utils.translation.trans_real import parse_accept_lang_header

from feedback_site.common.languages import organisation_languages
from feedback_site.common.public_pages.http import Request
from feedback_site.common.public_pages.pages import LANGUAGES_ASKED


def language_of(request: Request, default: str = "") -> str:
    """Return the language to show.

    It is one of the organisation's: asked for in the address, else the browser's first, else `default`, else
    the site's own.
    """
    offered = [language.value for language in organisation_languages()]
    accepted = parse_accept_lang_header(request.header("ACCEPT_LANGUAGE").lower())
    wanted = (
        LANGUAGES_ASKED.get(request.asked("lang").lower()),
        *(LANGUAGES_ASKED.get(code.partition("-")[0]) for code, _weight in accepted),
        default,
        LANGUAGES_ASKED.get(settings.LANGUAGE_CODE.partition("-")[0]),
    )
    return next((code for code in wanted if code in offered), offered[0])
