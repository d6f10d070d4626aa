"""What reading a file may cost, before its content is known."""

from dataclasses import asdict, dataclass

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """Bounds of one file: its sizes in bytes, and what the child may use.

    The child's memory is in bytes of address space, its time in seconds of CPU.
    """

    size: int
    unpacked: int
    rows: int
    child_memory: int
    child_seconds: int
    ratio: int = 100
    cell_characters: int = 10_000
    columns: int = 300
    entries: int = 1_000

    def as_dict(self) -> dict[str, int]:
        """Return the bounds by name."""
        return asdict(self)


# A file that a person uploads: it is read beside a site that has customers to ask.
UPLOAD = FileLimits(
    size=5 * _MEGABYTE, unpacked=50 * _MEGABYTE, rows=50_000, child_memory=400 * _MEGABYTE, child_seconds=60
)
# A file that an operator names on the machine itself.
COMMAND = FileLimits(
    size=4_000 * _MEGABYTE,
    unpacked=4_000 * _MEGABYTE,
    rows=20_000_000,
    child_memory=2_000 * _MEGABYTE,
    child_seconds=3_600,
)
