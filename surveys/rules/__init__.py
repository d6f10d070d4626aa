from surveys.rules.asking import (
    HEADLINE,
    VOIDED_BY,
    Candidate,
    SurveyRule,
    is_in_sample,
    reason_to_void,
    withhold_reason,
)
from surveys.rules.contacting import (
    NO_CAP,
    Address,
    Asking,
    Facts,
    addresses_of,
    first_usable,
    is_capped,
    may_be_asked,
)

__all__ = [
    "HEADLINE",
    "NO_CAP",
    "VOIDED_BY",
    "Address",
    "Asking",
    "Candidate",
    "Facts",
    "SurveyRule",
    "addresses_of",
    "first_usable",
    "is_capped",
    "is_in_sample",
    "may_be_asked",
    "reason_to_void",
    "withhold_reason",
]
