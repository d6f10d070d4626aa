"""One customer number, one person.

A row that gives a number another contact than a row before it is listed for a decision.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from feedback_site.service_events.models import EventImport, EventImportCustomer
from feedback_site.service_events.services.hashing import keyed_hash
from feedback_site.service_events.services.importing.grouping import Case
from feedback_site.service_events.services.submissions import EventSubmission

# In the mapping: what to do with such rows. `last`: they are the same customers, and the last contact counts.
CONTACTS_DIFFER = "contacts_differ"
LAST = "last"
# Under this name the problem of such a row is found again.
PROBLEM = "customer.contacts"
_CONTACTS = ("name", "phone", "email")


class FileCustomers:
    """The customers of one file, looked up a chunk at a time."""

    def __init__(self, event_import: EventImport, cases: Sequence[Case]) -> None:
        self._import = event_import
        self._takes_last = event_import.mapping.get(CONTACTS_DIFFER) == LAST
        hashes = {_number_hash(case.parsed.submission) for case in cases}
        known = event_import.customers.filter(number_hash__in=hashes)
        self._known = {bytes(row.number_hash): row for row in known}
        self._changed: dict[bytes, EventImportCustomer] = {}

    def refusal(self, case: Case) -> str:
        """Return why a row is to be decided about, or an empty text.

        With an empty text, its contacts are those of the customer from now on.
        """
        submission = case.parsed.submission
        number, said = _number_hash(submission), _contact_hashes(submission)
        case_hash = keyed_hash(purpose="case of a file", content=list(submission.key))
        known = self._known.get(number)
        if known is not None and bytes(known.case_hash) == case_hash:
            # The same case again: where it says something else of its customer, that is told of the case.
            return ""
        if known is not None and not self._takes_last and _is_another_customer(known, said):
            return _(
                "In line %(line)d this customer number stands with another contact. Decide whether they are "
                "one customer."
            ) % {"line": known.line}
        if known is None:
            known = EventImportCustomer(
                event_import=self._import, number_hash=number, case_hash=case_hash, line=case.lines[0]
            )
        for name, value in said.items():
            setattr(known, f"{name}_hash", value)
        self._known[number] = self._changed[number] = known
        return ""

    def save(self) -> None:
        """Keep what this chunk said for the rows that follow."""
        hashes = [f"{name}_hash" for name in _CONTACTS]
        EventImportCustomer.objects.bulk_create(
            [
                EventImportCustomer(
                    event_import=self._import,
                    number_hash=number,
                    case_hash=row.case_hash,
                    line=row.line,
                    **{name: getattr(row, name) for name in hashes},
                )
                for number, row in sorted(self._changed.items())
            ],
            update_conflicts=True,
            unique_fields=["event_import", "number_hash"],
            update_fields=hashes,
        )


def _is_another_customer(known: EventImportCustomer, said: Mapping[str, bytes]) -> bool:
    """Return whether a contact differs.

    Names are written in many ways: they decide only where no phone and no email agrees.
    """
    same = {
        name: bytes(before) == said[name]
        for name in said
        if (before := getattr(known, f"{name}_hash")) is not None
    }
    if not all(same.get(name, True) for name in ("phone", "email")):
        return True
    return not same.get("name", True) and not (same.get("phone", False) or same.get("email", False))


def _number_hash(submission: EventSubmission) -> bytes:
    return keyed_hash(purpose="customer of a file", content=list(submission.customer.key))


def _contact_hashes(submission: EventSubmission) -> dict[str, bytes]:
    values: dict[str, Any] = {name: getattr(submission.customer, name) for name in _CONTACTS}
    return {
        name: keyed_hash(purpose=f"{name} in a file", content=value)
        for name, value in values.items()
        if value
    }
