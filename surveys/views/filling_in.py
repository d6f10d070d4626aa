"""The questionnaire of an invitation as staff fill it in for the customer.

It is all on one page, and what they typed is kept over mistakes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from feedback_site.accounts.models import User
from feedback_site.accounts.services.signed_in import staff_of
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import DomainError
from feedback_site.common.languages import HTML_LANGUAGES
from feedback_site.questionnaires.services.questionnaires import questionnaire_of
from surveys.enums import ResponseMode
from surveys.forms import InterviewForm
from surveys.models import Invitation
from surveys.pages.interviews import interview_form, question_texts
from surveys.services.invitations.filling_in import fill_in_for_customer, refuse_to_fill_in
from surveys.services.invitations.interviewing import read_interview

# Before the names of the questions, which may be called like a field of the form around them.
PREFIX = "answer-"
_WRONG = 422
Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class _Wrong:
    """Sentences about what was sent: about the mode, by question key, and about the whole."""

    mode: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    whole: str = ""


@sensitive_variables("typed")
def fill_in_page(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Show the questions, or store what was filled in; a GET changes nothing."""
    user, at = staff_of(request), database_now()
    if request.method != "POST":
        return _show(request, invitation, user, at)
    typed = {
        name.removeprefix(PREFIX): list(map(str, values))
        for name, values in request.POST.lists()
        if name.startswith(PREFIX)
    }
    form = InterviewForm(request.POST)
    if not form.is_valid():
        wrong = _Wrong(
            mode=str(form.errors["mode"][0]),
            answers=read_interview(invitation=invitation, fields=typed).errors,
        )
        return _show(request, invitation, user, at, typed=typed, wrong=wrong, status=_WRONG)
    try:
        fill_in_for_customer(
            invitation=invitation, by=user, fields=typed, mode=ResponseMode(form.cleaned_data["mode"]), at=at
        )
    except DomainError as error:
        answers = error.extra.get("errors", {})
        wrong = _Wrong(answers=answers, whole="" if answers else str(error.message))
        return _show(
            request,
            invitation,
            user,
            at,
            typed=typed,
            wrong=wrong,
            status=_WRONG if answers else error.status_code,
        )
    messages.success(request, _("The customer's answers are on record."))
    return redirect("admin:surveys_response_change", invitation.pk)


@sensitive_variables("typed", "context")
def _show(
    request: HttpRequest,
    invitation: Invitation,
    user: User,
    at: datetime,
    *,
    typed: Typed | None = None,
    wrong: _Wrong | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page as the invitation stands now.

    Where nothing is taken any more: why, and no questions.
    """
    refusal, is_sent = "", request.method == "POST"
    try:
        refuse_to_fill_in(invitation=invitation, by=user, at=at)
    except DomainError as error:
        refusal, status = str(error.message), error.status_code
    wrong = wrong or _Wrong()
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Fill in for the customer"),
        "opts": Invitation._meta,  # noqa: SLF001 - Django's documented API
        "original": invitation,
        "invitation": invitation,
        "refusal": refusal,
        "is_sent": is_sent,
        "modes": InterviewForm.base_fields["mode"].choices,  # type: ignore[attr-defined]  # a ChoiceField's
        "mode": request.POST.get("mode", ""),
        "wrong": wrong,
        **({} if refusal else _questions(invitation, typed or {}, wrong.answers)),
    }
    with timezone.override(invitation.team.zone):
        return TemplateResponse(request, "surveys/fill_in.html", context, status=status).render()


def _questions(invitation: Invitation, typed: Typed, errors: Mapping[str, str]) -> dict[str, Any]:
    """Return the questions in the invitation's language, and what is wrong with the answers.

    A fault is (anchor, question, sentence).
    """
    language, event_id = invitation.language, invitation.service_event_id
    shown = questionnaire_of(invitation.version_id).language_of(language, language)
    html = interview_form(
        version_id=invitation.version_id,
        language=language,
        fields=typed,
        errors=errors,
        prefix=PREFIX,
        question_set=invitation.question_set,
        event_id=event_id,
    )
    texts = (
        question_texts(version_id=invitation.version_id, language=language, event_id=event_id)
        if errors
        else {}
    )
    listed = [
        (f"a-{PREFIX}{key}" if key else "", texts.get(key, ""), sentence) for key, sentence in errors.items()
    ]
    return {"questions": html, "language": HTML_LANGUAGES[shown], "errors": listed}
