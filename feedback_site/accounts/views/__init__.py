"""The pages of signing in (the password's own is Django's), and the company's logo."""

from feedback_site.accounts.views.locked_out import locked_out_page
from feedback_site.accounts.views.logo import logo
from feedback_site.accounts.views.second_factor import code_page, enrol_page
from feedback_site.accounts.views.security import (
    own_contacts,
    recovery_codes,
    security_page,
    sign_out_elsewhere,
    turn_off,
)

__all__ = [
    "code_page",
    "enrol_page",
    "locked_out_page",
    "logo",
    "own_contacts",
    "recovery_codes",
    "security_page",
    "sign_out_elsewhere",
    "turn_off",
]
