"""What keeps machines from filling forms that anybody may
send: a trap, a stamp with its time, and a limit per caller.
"""

from feedback_site.common.public_forms.honeypot import TRAP, is_trapped
from feedback_site.common.public_forms.rate_limits import Limit, count_use, forget_old_counts
from feedback_site.common.public_forms.stamps import STAMP, Stamp, make_stamp, read_stamp

__all__ = [
    "STAMP",
    "TRAP",
    "Limit",
    "Stamp",
    "count_use",
    "forget_old_counts",
    "is_trapped",
    "make_stamp",
    "read_stamp",
]
