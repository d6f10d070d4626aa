"""The fee check: where a customer paid something else than the ticket says, the event is flagged.

It is flagged once, with both figures.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from feedback_site.accounts.models import Organisation
from feedback_site.questionnaires.services.questionnaires import questionnaire_of
from feedback_site.service_events.rules.events import AMOUNT
from surveys.enums import FeeCheck, FlagReason
from surveys.models import EventFlag, Invitation
from surveys.rules.fees import amount_in, differs, may_be_in

# What systems call it among the attributes of an event.
CURRENCY = "currency"
_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found, with the figures as far as they are known."""

    found: FeeCheck
    paid: Decimal
    charged: Decimal | None = None


def compare_fee(
    *,
    version_id: int,
    answers: Mapping[str, Any],
    attributes: Mapping[str, Any] | None,
    organisation: Organisation,
) -> Compared | None:
    """Return what comparing the paid fee with the ticket finds.

    None where no fee was asked or answered. 0 is a fee.
    """
    question = questionnaire_of(version_id).fee_question
    paid = amount_in(answers.get(question.key)) if question else None
    if question is None or paid is None:
        return None
    stated = (attributes or {}).get(AMOUNT)
    if stated is None or stated == "":
        return Compared(FeeCheck.NO_AMOUNT, paid)
    charged = amount_in(stated)
    if charged is None:
        return Compared(FeeCheck.UNREADABLE, paid)
    currency = str((attributes or {}).get(CURRENCY) or question.currency).strip().upper()
    is_named = currency in {question.currency, *_SAME.get(question.currency, ())}
    if not is_named or not may_be_in(stated, question.currency):
        return Compared(FeeCheck.OTHER_CURRENCY, paid, charged)
    is_other = differs(
        paid, charged, tolerance=organisation.fee_tolerance, percent=organisation.fee_tolerance_percent
    )
    return Compared(FeeCheck.DIFFERS if is_other else FeeCheck.AGREES, paid, charged)


def flag_fees(*, responses: Iterable[tuple[uuid.UUID, int, Mapping[str, Any]]], at: datetime) -> int:
    """Flag the events of those responses (id, version, answers) whose fee differs.

    Returns how many; one that has a flag keeps it.
    """
    asked = {
        key: (version_id, answers)
        for key, version_id, answers in responses
        if questionnaire_of(version_id).fee_question
    }
    if not asked:
        return 0
    organisation = Organisation.objects.current()
    attributes = dict(Invitation.objects.filter(pk__in=asked).values_list("pk", "service_event__attributes"))
    flags: list[EventFlag] = []
    for key, (version_id, answers) in sorted(asked.items()):
        compared = compare_fee(
            version_id=version_id, answers=answers, attributes=attributes.get(key), organisation=organisation
        )
        if compared is not None and compared.found is FeeCheck.DIFFERS and compared.charged is not None:
            figures = {"paid": compared.paid.quantize(_PLACES), "charged": compared.charged.quantize(_PLACES)}
            flags.append(EventFlag(response_id=key, reason=FlagReason.FEE_DIFFERS, flagged_at=at, **figures))
    EventFlag.objects.bulk_create(flags, ignore_conflicts=True)
    return len(flags)


_SAME = {"CNY": ("RMB", "人民币", "元")}
