"""Outcome rates and final dispositions after AAPOR, Standard Definitions (2016)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from feedback_site.statistics.validation import require, require_counts, require_share

_COMPLETE_FROM = 0.8
_PARTIAL_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Dispositions:
    """Counts of final dispositions."""

    complete: int = 0
    partial: int = 0
    refusal: int = 0
    non_contact: int = 0
    other: int = 0
    unknown_household: int = 0
    unknown_other: int = 0
    not_eligible: int = 0

    @property
    def eligible(self) -> int:
        """Cases known to be eligible."""
        return self.complete + self.partial + self.refusal + self.non_contact + self.other

    @property
    def unknown(self) -> int:
        """Cases of unknown eligibility."""
        return self.unknown_household + self.unknown_other


@dataclass(frozen=True, slots=True)
class OutcomeRates:
    """Rates in 0-1; None where the denominator is 0."""

    e: float | None
    rr1: float | None
    rr2: float | None
    rr3: float | None
    rr4: float | None
    rr5: float | None
    rr6: float | None
    coop1: float | None
    coop2: float | None
    coop3: float | None
    coop4: float | None
    ref1: float | None
    ref2: float | None
    ref3: float | None
    con1: float | None
    con2: float | None
    con3: float | None


class Disposition(StrEnum):
    """AAPOR's abbreviations, best outcome first."""

    COMPLETE = "I"
    PARTIAL = "P"
    NOT_ELIGIBLE = "NE"
    REFUSAL = "R"
    NON_CONTACT = "NC"
    UNKNOWN = "UO"


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """What is known of one invitation, or of one contact attempt in it.

    ``answered_share``: answered / applicable required questions, 0-1.
    ``eligibility_known``: the customer list proves that there was a service to ask about.
    """

    sent: bool = True
    delivered: bool = False
    hard_bounce: bool = False
    page_opened: bool = False
    answered_share: float = 0.0
    key_question_answered: bool = False
    submitted: bool = False
    explicit_refusal: bool = False
    screened_out: bool = False
    eligibility_known: bool = False


@dataclass(frozen=True, slots=True)
class FinalDisposition:
    """The disposition with AAPOR's code; None when the invitation never entered the sample."""

    disposition: Disposition | None
    code: str


def outcome_rates(cases: Dispositions, e: float | None = None) -> OutcomeRates:
    """Return RR1-6, COOP1-4, REF1-3, CON1-3; ``e`` None estimates it as D / (D + NE) (CASRO).

    ValueError on negative counts or e outside 0-1.
    """
    _require_cases(cases)
    if e is not None:
        require_share(e, "e")
    eligible, unknown = cases.eligible, cases.unknown
    share = e if e is not None else _rate(eligible, eligible + cases.not_eligible)
    all_cases = eligible + unknown
    estimated = _estimated_base(eligible, unknown, share)
    answered = cases.complete + cases.partial
    contacted = answered + cases.refusal + cases.other
    able = answered + cases.refusal
    return OutcomeRates(
        e=share,
        rr1=_rate(cases.complete, all_cases),
        rr2=_rate(answered, all_cases),
        rr3=_rate(cases.complete, estimated),
        rr4=_rate(answered, estimated),
        rr5=_rate(cases.complete, eligible),
        rr6=_rate(answered, eligible),
        coop1=_rate(cases.complete, contacted),
        coop2=_rate(answered, contacted),
        coop3=_rate(cases.complete, able),
        coop4=_rate(answered, able),
        ref1=_rate(cases.refusal, all_cases),
        ref2=_rate(cases.refusal, estimated),
        ref3=_rate(cases.refusal, eligible),
        con1=_rate(contacted, all_cases),
        con2=_rate(contacted, estimated),
        con3=_rate(contacted, eligible),
    )


def final_disposition(attempts: Iterable[InvitationFacts]) -> FinalDisposition:
    """Return the best outcome over all contact attempts of one invitation; ValueError without attempts."""
    outcomes = [_disposition(attempt) for attempt in attempts]
    require(bool(outcomes), "an invitation needs at least one attempt")
    order = list(Disposition)
    return min(outcomes, key=lambda o: len(order) if o.disposition is None else order.index(o.disposition))


def _disposition(facts: InvitationFacts) -> FinalDisposition:
    require_share(facts.answered_share, "answered_share")
    if not facts.sent:
        return FinalDisposition(None, "not in the sample: excluded from every denominator")
    answered = _answered(facts)
    if answered is not None and answered.disposition is Disposition.COMPLETE:
        return answered
    if facts.screened_out:
        return FinalDisposition(Disposition.NOT_ELIGIBLE, "4.x")
    return answered or _refused(facts) or _silent(facts)


def _answered(facts: InvitationFacts) -> FinalDisposition | None:
    enough = facts.answered_share >= _COMPLETE_FROM or facts.key_question_answered
    if facts.submitted and enough:
        return FinalDisposition(Disposition.COMPLETE, "1.1")
    if facts.answered_share >= _PARTIAL_FROM:
        return FinalDisposition(Disposition.PARTIAL, "1.2")
    return None


def _refused(facts: InvitationFacts) -> FinalDisposition | None:
    if facts.explicit_refusal:
        return FinalDisposition(Disposition.REFUSAL, "2.11")
    if facts.answered_share > 0 or facts.key_question_answered:
        return FinalDisposition(Disposition.REFUSAL, "2.12")
    if facts.page_opened or facts.submitted:
        return FinalDisposition(Disposition.REFUSAL, "2.12 (sub-kind: logged on, no item)")
    return None


def _silent(facts: InvitationFacts) -> FinalDisposition:
    if facts.eligibility_known:
        return FinalDisposition(Disposition.NON_CONTACT, "2.20 group: the list proves eligibility")
    if facts.hard_bounce:
        return FinalDisposition(Disposition.UNKNOWN, "3.30 (invitation returned undelivered)")
    return FinalDisposition(Disposition.UNKNOWN, "3.19 (nothing returned)")


def _rate(part: float, whole: float | None) -> float | None:
    return part / whole if whole else None


def _estimated_base(eligible: int, unknown: int, share: float | None) -> float | None:
    """Return D + e U; without unknown cases e does not matter."""
    if unknown == 0:
        return float(eligible)
    return None if share is None else eligible + share * unknown


def _require_cases(cases: Dispositions) -> None:
    require_counts(
        [
            cases.complete,
            cases.partial,
            cases.refusal,
            cases.non_contact,
            cases.other,
            cases.unknown_household,
            cases.unknown_other,
            cases.not_eligible,
        ],
        "dispositions",
    )
