"""Forms that any visitor may open: the same questions on one screen, with a stamp and a trap.

If wanted, they ask for a ticket number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from feedback_site.common.public_pages import Page, compress, keep_pages
from feedback_site.questionnaires.pages.form_pages import Filled, Sheet, render_form, squeeze
from feedback_site.questionnaires.questions import Fields
from feedback_site.questionnaires.services.piping import Known, fill
from feedback_site.questionnaires.services.publishing import OWN
from feedback_site.questionnaires.services.questionnaires import CompiledQuestionnaire
from feedback_site.questionnaires.walk import Walk

VERSION, TICKET = f"{OWN}.version", f"{OWN}.ticket"
_HOLE = "[[stamp]]"


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """Which open form is to be shown, as a key: one compiled page serves all who are shown the same."""

    language: str
    question_set: str
    asks_ticket_number: bool


@dataclass(frozen=True)
class OpenFilled:
    """What an open form is shown with again; the error of the ticket number is under its field's name."""

    fields: Fields
    errors: Mapping[str, str] = field(default_factory=dict)


def open_form_page(questionnaire: CompiledQuestionnaire, sheet: OpenSheet, *, stamp: str) -> Page:
    """Return the empty form with a stamp of its own."""
    head, tail, policy = _empty(questionnaire, sheet)
    return squeeze(head + stamp.encode() + tail, policy)


def open_form_again(
    questionnaire: CompiledQuestionnaire, sheet: OpenSheet, filled: OpenFilled, *, stamp: str
) -> Page:
    """Return the form with what was answered so far and a sentence at each field that cannot be accepted."""
    return _form(questionnaire, sheet, filled, stamp)


@keep_pages(256)
def _empty(questionnaire: CompiledQuestionnaire, sheet: OpenSheet) -> tuple[bytes, bytes, str]:
    page = compress(_form(questionnaire, sheet, OpenFilled({}), _HOLE))
    head, _hole, tail = page.plain.partition(_HOLE.encode())
    return head, tail, page.policy


def _form(questionnaire: CompiledQuestionnaire, sheet: OpenSheet, filled: OpenFilled, stamp: str) -> Page:
    screen = Walk([questionnaire.questions], question_set=sheet.question_set).screens[0]
    known = Known(sheet.language, answers={}, questions=questionnaire.questions)
    with translation.override(sheet.language):
        own: dict[str, Any] = {
            "stamp": stamp,
            "version": questionnaire.version_id,
            "asks_ticket_number": sheet.asks_ticket_number,
            "ticket": next(iter(filled.fields.get(TICKET, ())), ""),
            "ticket_error": filled.errors.get(TICKET, ""),
            "texts": {TICKET: _("Ticket number")},
        }
    shown = Filled(filled.fields, filled.errors)
    return render_form(
        questionnaire,
        Sheet(sheet.language, screen),
        shown,
        pipe=partial(fill, known=known),
        own=own,
    )
