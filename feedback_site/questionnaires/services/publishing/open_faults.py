"""What keeps a questionnaire from being answered openly.

What some answers do needs a person who was invited.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from feedback_site.common.listing import listed
from feedback_site.common.public_forms import STAMP, TRAP
from feedback_site.questionnaires.document import Document
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.questionnaires.questions import QUESTION_CLASSES, compile_question

# The names of the form's own fields: a stamp, a trap, and what begins with "open".
OWN = "open"
_TAKEN = {STAMP, TRAP, OWN}


def find_open_faults(document: Document) -> Iterator[tuple[str, str]]:
    """Yield `(question key, sentence)` for every question that only a customer we know can be asked."""
    for content in document.questions:
        key = content.key
        words = {"key": key, "type": QUESTION_CLASSES[content.type].label}
        if compile_question(content).acts_elsewhere:
            yield (
                key,
                _(
                    "Question “%(key)s” (%(type)s) can only be asked of invited customers, not in an open "
                    "questionnaire."
                )
                % words,
            )
        if key in _TAKEN:
            yield key, _("Question “%(key)s”: this ID is reserved; please use another one.") % words


def faults_where_open(draft: Questionnaire, document: Document) -> list[tuple[str, str]]:
    """Return those faults where the questionnaire is answered openly now, with where that is."""
    places = list(
        draft.open_questionnaires.not_closed().order_by("label").values_list("label", flat=True)[:3]
    )
    faults = list(find_open_faults(document)) if places else []
    if not faults:
        return []
    shown = _(
        "It is in use as an open questionnaire at: %(places)s. Stop that first, or remove these questions."
    ) % {"places": listed(places)}
    return [*faults, ("", shown)]
