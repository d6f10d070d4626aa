"""The order of the measurements."""

from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.answering import measure_answering
from benchmarks.conservation import check_conservation
from benchmarks.dispatch import measure_dispatch
from benchmarks.importing import measure_importing
from benchmarks.invitations import Ground, load_ground
from benchmarks.machine import describe_machine
from benchmarks.peers.compare import measure_peers
from benchmarks.pgbench import measure_inserts
from benchmarks.sustained import measure_sustained
from benchmarks.table import Row, print_rows
from benchmarks.verifying import measure_verifying

GROUPS: dict[str, Callable[[Ground, Path], list[Row]]] = {
    "inserts": lambda _ground, data_dir: measure_inserts(data_dir=data_dir),
    "answering": lambda ground, data_dir: measure_answering(ground, data_dir=data_dir),
    "peers": lambda ground, data_dir: measure_peers(ground, data_dir=data_dir),
    "dispatch": lambda ground, data_dir: measure_dispatch(ground, data_dir=data_dir),
    "sustained": lambda ground, data_dir: measure_sustained(ground, data_dir=data_dir),
    "importing": lambda _ground, data_dir: measure_importing(data_dir),
    "conservation": lambda _ground, _data_dir: check_conservation(),
    "verifying": lambda ground, _data_dir: measure_verifying(ground),
}
# These write so much, or take so long, that they are measured only when named.
ONLY_BY_NAME = {"importing", "sustained", "verifying"}


def measure(data_dir: Path, names: Sequence[str]) -> bool:
    """Print each group of rows as it is measured, and return whether every bar was reached.

    All groups, or those named.
    """
    ground = load_ground()
    is_met = print_rows(describe_machine())
    print()
    for name, group in GROUPS.items():
        if name in names or not (names or name in ONLY_BY_NAME):
            is_met &= print_rows(group(ground, data_dir))
    return is_met
