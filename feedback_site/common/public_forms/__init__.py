"""What keeps machines from filling public forms.

A trap, a stamp with its time, a limit per caller, and the guard that asks for all three.
"""

from feedback_site.common.public_forms.guard import Guard, Refusal, read_recent_stamp
from feedback_site.common.public_forms.honeypot import TRAP, is_trapped
from feedback_site.common.public_forms.rate_limits import Limit, count_use, forget_old_counts
from feedback_site.common.public_forms.stamps import STAMP, Stamp, make_stamp, read_stamp

__all__ = [
    "STAMP",
    "TRAP",
    "Guard",
    "Limit",
    "Refusal",
    "Stamp",
    "count_use",
    "forget_old_counts",
    "is_trapped",
    "make_stamp",
    "read_recent_stamp",
    "read_stamp",
]
