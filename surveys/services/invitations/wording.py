"""What a message says, by what the customer is asked for.

Nothing personal: a stranger who reads it learns of a service, not of whose.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from feedback_site.customers.enums import Purpose
from feedback_site.questionnaires.questions import CompiledQuestion

# A row of boxes that a thumb can hit on a phone holds this many.
_BOXES_IN_A_ROW = 6


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of one purpose, in English; each is translated where it is used.

    `sms` takes `%(link)s` and stays short: a Chinese SMS holds 70 characters, of which the
    link takes about 50. The blanks around the link keep phones from taking text into it.
    """

    sms: str
    subject: str
    opening: str
    plea: str
    button: str
    stop: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The scores that a letter offers, in rows, under the sentence that asks for them."""

    ask: str
    rows: list[list[tuple[int, str]]]
    lowest: str
    highest: str
    width: int


_AFTER_SERVICE = Wording(
    sms=gettext_noop("Your service is complete. Please rate it: %(link)s"),
    subject=gettext_noop("How was our service?"),
    opening=gettext_noop("Your service is complete."),
    plea=gettext_noop("Please rate our service. It takes about a minute:"),
    button=gettext_noop("Rate our service"),
    stop=gettext_noop("Stop sending me questionnaires"),
)
_WORDINGS = {
    Purpose.SURVEY.value: _AFTER_SERVICE,
    Purpose.OPEN.value: _AFTER_SERVICE,  # an open questionnaire is never sent
    Purpose.NPS.value: Wording(
        sms=gettext_noop("Would you recommend us? Please give 0-10 points: %(link)s"),
        subject=gettext_noop("Would you recommend us?"),
        opening=gettext_noop("You used our service recently. We would like to know what you think of us."),
        plea=gettext_noop("Would you recommend us to others? Your answer takes about a minute:"),
        button=gettext_noop("Start"),
        stop=gettext_noop("Stop sending me this survey"),
    ),
    Purpose.VISIT.value: Wording(
        sms=gettext_noop("Is your problem solved? Please tell us: %(link)s"),
        subject=gettext_noop("Is your problem solved?"),
        opening=gettext_noop("We would like to know whether your problem has been solved."),
        plea=gettext_noop("Please tell us whether the problem is solved. It takes about a minute:"),
        button=gettext_noop("Start"),
        stop=gettext_noop("Stop follow-up contacts"),
    ),
}


def text_of(purpose: str, *, link: str) -> str:
    """Return a text in the active language: who writes, and what is asked.

    Where the gateway takes replies, also how to stop them.
    """
    asked = _(wording_of(purpose).sms) % {"link": link}
    return f"{settings.SMS_SENDER}{asked}{f' {settings.SMS_OPT_OUT}' if settings.SMS_OPT_OUT else ''}"


def wording_of(purpose: str) -> Wording:
    """Return what a message of this purpose says."""
    return _WORDINGS[purpose]


def scale_of(question: CompiledQuestion | None, *, link: str, language: str) -> Scale | None:
    """Return the scores of a questionnaire's first scored question, each with its address.

    None when nothing in it is scored.

    Choosing one there preselects it and answers nothing. The ends are named as the question names them.
    """
    if question is None or not question.scores:
        return None
    scores = [(score, f"{link}?score={score}") for score in question.scores]
    asks_to_recommend = question.scores[0] == 0
    ends = (
        (_("not at all likely"), _("extremely likely"))
        if asks_to_recommend
        else (_("very dissatisfied"), _("very satisfied"))
    )
    low, high = (
        question.texts[name].get(language) or usual
        for name, usual in zip(("low_label", "high_label"), ends, strict=True)
    )
    return Scale(
        ask=_("Would you recommend us? Choose a score to begin:")
        if asks_to_recommend
        else _("How satisfied are you? Choose a score to begin:"),
        rows=[scores[start : start + _BOXES_IN_A_ROW] for start in range(0, len(scores), _BOXES_IN_A_ROW)],
        lowest=_("%(score)s = %(meaning)s") % {"score": question.scores[0], "meaning": low},
        highest=_("%(score)s = %(meaning)s") % {"score": question.scores[-1], "meaning": high},
        width=min(len(scores), _BOXES_IN_A_ROW),
    )
