"""`/voice/<reference>/`: how far an entry is, for the person who has its number.

All unknown numbers get the same page.
"""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from feedback_site.common.languages import Language
from feedback_site.common.public_pages import (
    SWITCHES,
    Reply,
    Request,
    language_of,
    render,
    reply,
    reply_trouble,
)
from feedback_site.voice.rules import read_reference
from feedback_site.voice.selectors.public import standing_of

STYLE = "voice/page.css"


def standing(request: Request, reference: str) -> Reply:
    """Show kind, dates, state and the answers: never the text, never the contact."""
    if request.method == "POST":
        return reply_trouble(405)
    # WSGI hands paths over as Latin-1.
    language, known = (
        language_of(request),
        read_reference(reference.encode("latin-1").decode(errors="replace")),
    )
    languages = [choice.value for choice in Language]
    with translation.override(language):
        found = standing_of(known) if known else None
        title = pgettext("message", "Progress") if found else _("We cannot find this number")
    context = {"title": title, "standing": found, "lang": SWITCHES[language]["parameter"]}
    template = "voice/standing.html" if found else "voice/unknown.html"
    page = render(template, language=language, languages=languages, context=context, more_style=STYLE)
    return reply(request, page, status=200 if found else 404)
