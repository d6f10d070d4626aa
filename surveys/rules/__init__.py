from surveys.rules.asking import (
    HEADLINE,
    VOIDED_BY,
    Address,
    Candidate,
    SurveyRule,
    addresses_of,
    first_usable,
    is_capped,
    is_in_sample,
    reason_to_void,
    withhold_reason,
)

__all__ = [
    "HEADLINE",
    "VOIDED_BY",
    "Address",
    "Candidate",
    "SurveyRule",
    "addresses_of",
    "first_usable",
    "is_capped",
    "is_in_sample",
    "reason_to_void",
    "withhold_reason",
]
