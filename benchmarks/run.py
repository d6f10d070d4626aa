"""The order of the measurements."""

from pathlib import Path

from benchmarks.answering import measure_answering
from benchmarks.conservation import check_conservation
from benchmarks.dispatch import measure_dispatch
from benchmarks.invitations import load_ground
from benchmarks.machine import describe_machine
from benchmarks.pgbench import measure_inserts
from benchmarks.table import print_rows


def measure(data_dir: Path) -> bool:
    """Print each group of rows as it is measured and return whether every bar was reached."""
    ground = load_ground()
    is_met = print_rows(describe_machine())
    print()
    groups = (
        lambda: measure_inserts(data_dir=data_dir),
        lambda: measure_answering(ground, data_dir=data_dir),
        lambda: measure_dispatch(ground, data_dir=data_dir),
        check_conservation,
    )
    for group in groups:
        is_met &= print_rows(group())
    return is_met
