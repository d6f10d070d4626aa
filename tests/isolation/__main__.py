"""`python -m tests.isolation`: the matrix as a table of readers, addresses, cells and leaks."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest


class Table:
    """Collects what each walk recorded."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, dict[str, Any], str]] = []

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep a walk's figures when it is over."""
        figures = dict(report.user_properties)
        if report.when == "call" and "cells" in figures:
            self.rows.append((report.nodeid.partition("[")[2].rstrip("]"), figures, report.outcome))

    def show(self) -> None:
        """Print it."""
        print(f"\n{'reader':34}{'addresses':>10}{'cells':>9}{'showed rows':>13}  leaks")  # noqa: T201 - a table for people
        for who, figures, outcome in self.rows:
            leaks = "0" if outcome == "passed" else "see above"
            print(f"{who:34}{figures['urls']:>10}{figures['cells']:>9}{figures['seen_pages']:>13}  {leaks}")  # noqa: T201
        print(f"{'all':34}{'':>10}{sum(figures['cells'] for _who, figures, _outcome in self.rows):>9}")  # noqa: T201


def main() -> int:
    """Run the matrix, every cell of it, show the table, and return how it went."""
    os.environ["ISOLATION"] = "whole"
    table = Table()
    status = pytest.main(
        ["-q", "-p", "no:cacheprovider", str(Path(__file__).parent / "test_matrix.py"), *sys.argv[1:]],
        plugins=[table],
    )
    table.show()
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
