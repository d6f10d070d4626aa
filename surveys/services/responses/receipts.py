"""What a receipt means to staff and systems.

An answer on record, or a sentence that says why there is none.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from feedback_site.common.exceptions import ConflictError, NotFoundError
from surveys.services.responses.answering import Outcome, Receipt

_ENDINGS = {
    Outcome.ACCEPTED: gettext_noop("The answers are on record."),
    Outcome.REPEATED: gettext_noop("The same answers were on record already."),
    Outcome.UNKNOWN: gettext_noop("Invitation not found."),
    Outcome.DIFFERENT: gettext_noop("This invitation already has another response; the first one counts."),
    Outcome.EXPIRED: gettext_noop("This invitation had ended by then."),
    Outcome.VOIDED: gettext_noop("This invitation was cancelled."),
    Outcome.UNSEEN: gettext_noop(
        "This questionnaire is being filled in elsewhere right now. Please try again."
    ),
}


def accepted_or_raise(receipt: Receipt) -> Receipt:
    """Return the receipt of an answer that is on record.

    Raises `ConflictError` with `extra["reason"]`, or `NotFoundError`.
    """
    if receipt.outcome in {Outcome.ACCEPTED, Outcome.REPEATED}:
        return receipt
    if receipt.outcome is Outcome.UNKNOWN:
        raise NotFoundError(reason_in_words(receipt.outcome))
    raise ConflictError(reason_in_words(receipt.outcome), {"reason": receipt.outcome.value})


def reason_in_words(outcome: Outcome) -> str:
    """Say why an answer was not taken."""
    return _(_ENDINGS[outcome])
