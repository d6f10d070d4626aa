"""The mapping file of answers collected elsewhere."""

from dataclasses import dataclass

from feedback_site.common.table_files import TableMapping

ANSWERS = "answers."
_TARGETS = {f"{target}.{part}" for target in ("event", "customer") for part in ("source", "external_id")}
FIELDS = {"source", "external_id", "answered_at", "mode", "language"} | _TARGETS


@dataclass(frozen=True, kw_only=True)
class ResponseMapping(TableMapping):
    """How a file of answers is read: `answers.…` takes the key of a question."""

    required = ("source", "external_id", "answered_at")
    identifiers = frozenset({"external_id", "event.external_id", "customer.external_id"})

    @classmethod
    def is_field(cls, name: str) -> bool:
        """Return whether `name` is a field of an answer, `answers.…` included."""
        return name in FIELDS or (name.startswith(ANSWERS) and len(name) > len(ANSWERS))

    @classmethod
    def known_fields(cls) -> list[str]:
        """Return the fields of an answer."""
        return [*sorted(FIELDS), "answers.…"]
