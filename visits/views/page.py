"""What the visit page shows: who holds the visit, what may be done now, and what was typed so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from feedback_site.common.languages import HTML_LANGUAGES, Language
from feedback_site.common.week_hours import written_week
from feedback_site.customers.services import Contact
from feedback_site.questionnaires.services.questionnaires import draw_set
from feedback_site.service_events.enums import CalendarPurpose
from feedback_site.service_events.selectors.calendar import working_times_around
from surveys.pages.interviews import interview_form
from visits.enums import VisitAttemptOutcome, VisitStatus
from visits.models import ReturnVisit
from visits.selectors.history import case_history
from visits.selectors.scripts import script_of
from visits.views.access import caller_of

PAGE = "admin:visits_returnvisit_visit"
# Before the names of the script's questions, which may be called like a field of the form around them.
SCRIPT = "script-"
ANSWERED = "answered"
CLOSED, EARLY, OWN_WORK, TAKEN, FREE, HELD = "closed", "early", "own_work", "taken", "free", "held"


@dataclass(frozen=True)
class TypedVisit:
    """What the form held when it was sent, by field; `script` by question key."""

    fields: Mapping[str, str] = field(default_factory=dict)
    script: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Read the form that was sent."""
        names = ("outcome", "note", "call_at")
        fields = {name: request.POST[name] for name in names if request.POST.get(name)}
        script = {
            name.removeprefix(SCRIPT): values
            for name, values in request.POST.lists()
            if name.startswith(SCRIPT)
        }
        return cls(fields, {key: [str(value) for value in values] for key, values in script.items()})


@dataclass(frozen=True)
class Wrong:
    """Sentences about what was sent: by field, by question, and about the whole."""

    fields: Mapping[str, str] = field(default_factory=dict)
    script: Mapping[str, str] = field(default_factory=dict)
    whole: str = ""


def show_visit(
    request: HttpRequest,
    visit: ReturnVisit,
    *,
    at: datetime,
    typed: TypedVisit | None = None,
    wrong: Wrong | None = None,
    contact: Contact | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page as the visit stands at `at`, in the zone of its team."""
    typed, wrong = typed or TypedVisit(), wrong or Wrong()
    state = state_of(visit, caller_id=caller_of(request).pk, at=at)
    if state == FREE and typed.fields:
        state = (
            HELD  # the ten minutes are over and no other person has called: what was typed can still be sent
        )
    history = case_history(visit)
    script = _script(visit, typed, wrong) if state == HELD else None
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Return visit"),
        "visit": visit,
        "state": state,
        "history": history,
        "own_answers": [item for item in history if item.kind == ANSWERED],
        "attempt_number": visit.attempts_made + 1,
        "is_last": visit.attempts_made + 1 >= visit.max_attempts,
        "is_held": visit.held_until is not None and visit.held_until > at,
        "is_overdue": visit.status == VisitStatus.OPEN and visit.due_at < at,
        "typed": typed,
        "wrong": wrong,
        "contact": contact,
        "has_problems": bool(wrong.fields or wrong.script or wrong.whole),
        "outcomes": VisitAttemptOutcome.choices,
        "call_hours": _call_hours(visit, at) if state == HELD else "",
        "script": script,
    }
    with timezone.override(visit.team.zone):
        return TemplateResponse(request, "visits/visit.html", context, status=status).render()


def _call_hours(visit: ReturnVisit, at: datetime) -> str:
    calls = working_times_around(at).of(visit.team_id, CalendarPurpose.CALLS)
    return written_week(calls.week)


def state_of(visit: ReturnVisit, *, caller_id: int, at: datetime) -> str:
    """Say in one word what this caller may do now."""
    if visit.status == VisitStatus.CLOSED:
        return CLOSED
    if visit.agent is not None and visit.agent.user_id == caller_id:
        return OWN_WORK
    if visit.next_attempt_at is not None and visit.next_attempt_at > at:
        return EARLY
    if visit.held_by_id is None or visit.held_until is None or visit.held_until <= at:
        return FREE
    return HELD if visit.held_by_id == caller_id else TAKEN


@dataclass(frozen=True)
class Script:
    """The questions to ask, in the customer's language, and what is wrong with the answers.

    A fault is (anchor, question, sentence).
    """

    html: SafeString
    language: str
    errors: Sequence[tuple[str, str, str]]


def _script(visit: ReturnVisit, typed: TypedVisit, wrong: Wrong) -> Script | None:
    version = script_of(visit)
    if version is None:
        return None
    language = visit.customer.language or settings.LANGUAGE_CODE
    language = language if language in HTML_LANGUAGES else Language.CHINESE.value
    html = interview_form(
        version_id=version.pk,
        language=language,
        fields=typed.script,
        errors=wrong.script,
        prefix=SCRIPT,
        question_set=draw_set(version_id=version.pk, seed=visit.pk),
        event_id=visit.service_event_id,
    )
    texts = {question.key: question.text[language] for question in version.content.questions}
    errors = [(f"a-{SCRIPT}{key}", texts.get(key, key), sentence) for key, sentence in wrong.script.items()]
    return Script(html, HTML_LANGUAGES[language], errors)
