"""`/voice/`: customers complain, suggest or praise, and read what came of it. A GET writes nothing."""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback_site.accounts.selectors import organisation_settings
from feedback_site.common.client_address import address_in
from feedback_site.common.clock import database_now
from feedback_site.common.languages import organisation_languages
from feedback_site.common.public_forms import STAMP, Guard, make_stamp, read_recent_stamp
from feedback_site.common.public_pages import (
    SWITCHES,
    Page,
    Reply,
    Request,
    UnreadableForm,
    language_of,
    local_time,
    render,
    reply,
    reply_trouble,
)
from feedback_site.voice.enums import EntryKind
from feedback_site.voice.models import VoiceEntry
from feedback_site.voice.rules import CONSENT_VERSION, CONSENTS, read_reference
from feedback_site.voice.selectors.public import latest_monthly_suggestion, public_changes
from feedback_site.voice.services import (
    EntryDraft,
    NoTeamTakesInError,
    ReadEntry,
    find_received,
    read_entry,
    receive_entry,
    submission_key,
)
from feedback_site.voice.services.reading import LONGEST

FORM = "voice"
STYLE = "voice/page.css"


@dataclass(frozen=True)
class Typed:
    """What the form shows: values so far, a sentence per field, and its hidden stamp.

    The empty key stands for the form as a whole.
    """

    stamp: str
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def voice(request: Request) -> Reply:
    """Show the form, lead to an entry, or take one in."""
    language, at = language_of(request), database_now()
    if request.method == "POST":
        return _take(request, language, at)
    if request.asked("reference"):
        return _lead(request, language)
    kind = request.asked("kind")
    values = {"kind": kind} if kind in EntryKind.values else {}
    return reply(
        request,
        _form(language, Typed(make_stamp(purpose=FORM, at=at), values), languages=organisation_languages()),
    )


def _lead(request: Request, language: str) -> Reply:
    """Lead to the page of a number as it is meant.

    What cannot be one gets the page of numbers that are unknown.
    """
    found = read_reference(request.asked("reference")) or "unknown"
    return Reply(303, headers=(("Location", f"/voice/{found}/?lang={SWITCHES[language]['parameter']}"),))


def _take(request: Request, language: str, at: datetime) -> Reply:
    try:
        fields = request.read_fields()
    except UnreadableForm as error:
        return reply_trouble(error.status)
    with translation.override(language):
        read, stamp = read_entry(fields), read_recent_stamp(fields, purpose=FORM, at=at)
        typed_stamp = fields[STAMP][0] if stamp else make_stamp(purpose=FORM, at=at)
        if read.draft is None or stamp is None:
            errors = read.errors or {
                "": _("This page was open for a long time. Please check your message and send it again.")
            }
            return reply(request, _form(language, Typed(typed_stamp, read.values, errors)), status=422)
        key = submission_key(number=stamp.number, draft=read.draft)
        known = find_received(key)
        if known is not None:
            return reply(request, _thanks(language, known, read.draft))
        refusal = _guard().refuse(
            fields, issued_at=stamp.issued_at, form=FORM, address=address_in(request.environ), at=at
        )
        if refusal:
            typed = Typed(typed_stamp, read.values, {"": refusal.sentence})
            return reply(request, _form(language, typed), status=refusal.status)
        try:
            return _receive(request, language, read, key, at)
        except NoTeamTakesInError as error:
            return reply(
                request,
                _form(language, Typed(typed_stamp, read.values, {"": str(error.message)})),
                status=error.status_code,
            )


def _receive(request: Request, language: str, read: ReadEntry, key: bytes, at: datetime) -> Reply:
    assert read.draft is not None  # noqa: S101 - the caller has looked
    received = receive_entry(draft=read.draft, key=key, language=language, at=at)
    return reply(request, _thanks(language, received.entry, read.draft))


def _guard() -> Guard:
    return Guard(
        per_hour=settings.VOICE_ENTRIES_PER_HOUR,
        per_day=settings.VOICE_ENTRIES_PER_DAY,
        was_too_fast=gettext_lazy("Please check your message and send it once more."),
        too_many_in_an_hour=gettext_lazy(
            "Too many messages came from your network. Yours was not saved. Please try again in an hour."
        ),
        too_many_in_a_day=gettext_lazy(
            "Too many messages came from your network today. Yours was not saved. Please try again tomorrow."
        ),
    )


def _form(language: str, typed: Typed, *, languages: Sequence[str] = ()) -> Page:
    """Return the form; with what a person typed it has no switch, which would lose that."""
    with translation.override(language):
        context = {
            "title": _("Complaints, suggestions and praise"),
            "kinds": [(kind.value, _KINDS[kind]()) for kind in EntryKind],
            "values": typed.values,
            "errors": typed.errors,
            "problems": [(name, _label(name), message) for name, message in typed.errors.items()],
            "longest": LONGEST,
            "consent": CONSENTS[CONSENT_VERSION],
            "stamp": typed.stamp,
            "lang": SWITCHES[language]["parameter"],
            "monthly": latest_monthly_suggestion(),
            "changes": public_changes(),
        }
    page = render(
        "voice/form.html", language=language, languages=languages, context=context, more_style=STYLE
    )
    return replace(page, gzipped=gzip.compress(page.plain, mtime=0))


def _thanks(language: str, entry: VoiceEntry, draft: EntryDraft) -> Page:
    context = {
        "title": _("Thank you. We have it."),
        "entry": entry,
        "is_complaint": draft.kind is EntryKind.COMPLAINT,
        "may_contact": draft.may_contact,
        "received": _("Received on %(time)s.") % {"time": local_time(entry.received_at)},
        "lang": SWITCHES[language]["parameter"],
        "clocks": organisation_settings(),
    }
    return render("voice/thanks.html", language=language, languages=[], context=context, more_style=STYLE)


def _label(name: str) -> str:
    return _LABELS[name]() if name in _LABELS else ""


_KINDS = {
    EntryKind.COMPLAINT: lambda: _("A complaint: something went wrong"),
    EntryKind.SUGGESTION: lambda: _("A suggestion: something could be better"),
    EntryKind.PRAISE: lambda: _("Praise: something was good"),
}
_LABELS = {
    "kind": lambda: _("What would you like to tell us?"),
    "text": lambda: _("Your message"),
    "ticket": lambda: _("Ticket number"),
    "name": lambda: _("Your name"),
    "phone": lambda: _("Phone"),
    "email": lambda: _("Email"),
    "may_contact": lambda: _("May we contact you?"),
    "may_publish": lambda: _("May we publish it?"),
}
