"""What became of a scenario, and the table at the end."""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self


class Fault(StrEnum):
    """What can be wrong after a scenario."""

    LOST = "lost"
    DOUBLED = "doubled"
    UNTRUTHFUL = "untruthful"
    ERROR = "error"
    LATE = "late"
    UNCOUNTED = "uncounted"
    UNFINISHED = "unfinished"
    UNGUARDED = "unguarded"
    WRITTEN = "written"
    UNESCAPED = "unescaped"
    VERIFY = "verify"
    UNPROVED = "unproved"
    TOO_FEW = "too few"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong."""

    fault: Fault
    text: str


@dataclass
class Story:
    """What a scenario reports of itself.

    `proofs` say that the faults happened; a false one fails the scenario.
    """

    acknowledged: int
    least: int
    recoveries: list[float] = field(default_factory=list)
    proofs: list[tuple[str, bool]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def judge(self) -> list[Finding]:
        """Return what is wrong with the story itself."""
        found = [Finding(Fault.UNPROVED, text) for text, holds in self.proofs if not holds]
        if self.acknowledged < self.least:
            found.append(
                Finding(Fault.TOO_FEW, f"{self.acknowledged} acknowledged, at least {self.least} wanted")
            )
        return [*found, *self.findings]


@dataclass
class Verdict:
    """One row of the table."""

    scenario: str
    proved: str = ""
    acknowledged: int = 0
    least: int = 0
    recoveries: list[float] = field(default_factory=list)
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_green(self) -> bool:
        return not self.findings

    @property
    def faults(self) -> Counter[str]:
        return Counter(finding.fault.value for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        findings = [Finding(Fault(finding["fault"]), finding["text"]) for finding in content["findings"]]
        return cls(**{**content, "findings": findings})


HEADS = (
    "scenario",
    "faults proved",
    "acknowledged / least",
    "lost",
    "doubled",
    "recovery p50 / max",
    "seconds",
    "",
)


def table(verdicts: Iterable[Verdict]) -> list[str]:
    """Return the lines of the table."""
    rows = [HEADS, *(_row(verdict) for verdict in verdicts)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _row(verdict: Verdict) -> tuple[str, ...]:
    others = sum(count for fault, count in verdict.faults.items() if fault not in {Fault.LOST, Fault.DOUBLED})
    return (
        verdict.scenario,
        verdict.proved,
        f"{verdict.acknowledged:,} / {verdict.least:,}",
        str(verdict.faults[Fault.LOST]),
        str(verdict.faults[Fault.DOUBLED]),
        spread(verdict.recoveries),
        f"{verdict.seconds:.0f}",
        "ok" if verdict.is_green else f"RED ({others} other)" if others else "RED",
    )


def spread(seconds: Sequence[float]) -> str:
    """Return median and maximum."""
    return f"{statistics.median(seconds):.2f} / {max(seconds):.2f} s" if seconds else "-"
