"""Conservation: what must add up whatever happened, asked by
SQL of its own and never by the code under check.
"""

from config.conservation.check import Check
from config.conservation.checks import CHECKS
from config.conservation.ledger import Ledger, read_ledger
from config.conservation.recent import Touched, read_touched
from config.conservation.running import CheckResult, Fault, one_snapshot, run_checks

__all__ = [
    "CHECKS",
    "Check",
    "CheckResult",
    "Fault",
    "Ledger",
    "Touched",
    "one_snapshot",
    "read_ledger",
    "read_touched",
    "run_checks",
]
