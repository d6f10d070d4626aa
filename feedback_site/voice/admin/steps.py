"""The steps of an entry: what is asked, by which form, and what is called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from feedback_site.accounts.models import Team, User
from feedback_site.voice import services
from feedback_site.voice.forms import (
    AnswerForm,
    ClosingForm,
    DecisionForm,
    HandOverForm,
    NoteForm,
    OptionalAnswerForm,
    ReasonForm,
)
from feedback_site.voice.models import VoiceEntry


@dataclass(frozen=True)
class EntryStep:
    """One step: its page's heading and explanation, its form, its service, and what is said when done."""

    heading: Any
    explanation: Any
    button: Any
    form: type[forms.Form]
    run: Callable[..., Any]
    done: Any


STEPS = {
    "accept": EntryStep(
        gettext_lazy("Accept this complaint"),
        gettext_lazy("This is the first reply: say what happens next. The one-hour deadline ends with it."),
        gettext_lazy("Accept"),
        AnswerForm,
        services.accept_entry,
        gettext_lazy("The complaint is accepted, and the customer can read your reply."),
    ),
    "answer": EntryStep(
        gettext_lazy("Reply to the customer"),
        gettext_lazy("Use this to tell the customer about progress. The deadlines do not change."),
        gettext_lazy("Reply to the customer"),
        AnswerForm,
        services.reply_to_entry,
        gettext_lazy("The customer can read your reply."),
    ),
    "note": EntryStep(
        gettext_lazy("Write a note"),
        gettext_lazy("Only staff who handle this can read it; the customer cannot."),
        gettext_lazy("Save the note"),
        NoteForm,
        services.note_entry,
        gettext_lazy("The note is saved."),
    ),
    "hand_over": EntryStep(
        gettext_lazy("Hand over to another team"),
        gettext_lazy(
            "The other team handles it from now on, and your team may no longer see it. The deadlines do not "
            "change."
        ),
        gettext_lazy("Hand over"),
        HandOverForm,
        services.hand_over_entry,
        gettext_lazy("It was handed over."),
    ),
    "mark_complex": EntryStep(
        gettext_lazy("Mark as complex"),
        gettext_lazy(
            "It must then be closed by the later deadline for complex complaints. This cannot be undone."
        ),
        gettext_lazy("Mark as complex"),
        ReasonForm,
        services.mark_complex,
        gettext_lazy("The complaint is marked as complex."),
    ),
    "review": EntryStep(
        gettext_lazy("Take under review"),
        gettext_lazy("The customer will see “Under review”."),
        gettext_lazy("Take under review"),
        OptionalAnswerForm,
        services.review_suggestion,
        gettext_lazy("The suggestion is under review."),
    ),
    "decide": EntryStep(
        gettext_lazy("Adopt or decline"),
        gettext_lazy("Give the reason in your reply. The suggestion is then finished."),
        gettext_lazy("Decide"),
        DecisionForm,
        services.decide_suggestion,
        gettext_lazy("The suggestion is decided, and the customer can read why."),
    ),
    "close": EntryStep(
        gettext_lazy("Close this complaint"),
        gettext_lazy(
            "Say what was done. The deadline ends with it. If the customer agreed, a return visit follows."
        ),
        pgettext_lazy("case", "Close"),
        ClosingForm,
        services.close_entry,
        gettext_lazy("The complaint is closed, and the customer can read your reply."),
    ),
}
PASS_ON = EntryStep(
    gettext_lazy("Pass the praise on"),
    gettext_lazy("Please tell the colleague who was praised. A reply to the customer is optional."),
    pgettext_lazy("case", "Close"),
    OptionalAnswerForm,
    services.close_entry,
    gettext_lazy("The praise is passed on."),
)
DESK = "desk"


def form_of(step: EntryStep, *, name: str, entry: VoiceEntry, user: User, data: Any) -> forms.Form:
    """Return the step's form; accepting proposes words in the customer's language."""
    if step.form is HandOverForm:
        teams, labels = _teams(entry, user)
        return HandOverForm(data, teams=teams, labels=labels)
    initial = {}
    if name == "accept":
        with translation.override(entry.language):
            initial = {
                "text": _(
                    "We have received your complaint and are looking into it. Our reply will appear here."
                )
            }
    return step.form(data, initial=initial)


def _teams(entry: VoiceEntry, user: User) -> tuple[Mapping[str, Team], Mapping[str, Any]]:
    """Return the teams within the reader's scope, and the desk.

    The desk is always named: staff give back to it what came to them by mistake.
    """
    within = Team.objects.for_user(user).filter(is_active=True).exclude(pk=entry.team_id)
    teams = {str(team.pk): team for team in within}
    labels: dict[str, Any] = {key: str(team) for key, team in teams.items()}
    desk = services.desk_team()
    if desk.pk != entry.team_id and str(desk.pk) not in teams:
        teams[DESK], labels[DESK] = desk, _("back to the intake team")
    return teams, labels
