"""Whether everything still adds up after the load."""

from benchmarks.table import Row
from feedback_site.conservation.running import one_snapshot, run_checks


def check_conservation() -> list[Row]:
    """Run the checks of `manage.py verify`."""
    with one_snapshot():
        results = run_checks()
    failed = [result.check.slug for result in results if not result.is_ok]
    return [Row("conservation checks", ", ".join(failed) or f"{len(results)} hold", "all", not failed)]
