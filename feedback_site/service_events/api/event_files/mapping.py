"""The mapping file of service events: what it holds beyond columns, constants and times."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from feedback_site.accounts.enums import TeamKind
from feedback_site.common.exceptions import DomainError
from feedback_site.common.table_files import TableMapping, build_part, clean_heading, object_at
from feedback_site.customers.enums import CONSENT_PURPOSES
from feedback_site.service_events.api.event_files.headings import ALIASES
from feedback_site.service_events.api.fields import MomentField, StrictSerializer
from feedback_site.service_events.api.serializers import CustomerInput, ServiceEventInput
from feedback_site.service_events.services.importing.same_customers import CONTACTS_DIFFER, LAST

ATTRIBUTES = "attributes."


class LaterInput(StrictSerializer):
    """What a row says of its event that happened after it was recorded, beside its completion."""

    cancelled_at = MomentField(required=False)
    reopened_at = MomentField(required=False)


LATER = {str(name) for name in LaterInput().fields}
_NESTED = {"customer", "consent", "attributes"}
FIELDS: set[str] = (
    {str(name) for name in ServiceEventInput().fields if str(name) not in _NESTED}
    | {f"customer.{name}" for name in CustomerInput().fields}
    | LATER
    | {f"consent.{purpose}" for purpose in CONSENT_PURPOSES}
)
_REQUIRED_FIELDS = [str(name) for name, field in ServiceEventInput().fields.items() if field.required]
REQUIRED = (*(name for name in _REQUIRED_FIELDS if name != "customer"), "customer.external_id")
IDENTIFIERS = frozenset({"external_id", "agent", "customer.external_id"})
CONTACTS = frozenset({"customer.name", "customer.phone", "customer.email"})
CREATABLE = {"teams", "kinds", "channels"}


@dataclass(frozen=True, kw_only=True)
class Completion:
    """Which rows are completed, and which column says when."""

    column: str
    equals: list[str]
    at: str


@dataclass(frozen=True, kw_only=True)
class MadeUpContacts:
    """Contacts for files without any: the shares of customers that allow each purpose, between 0 and 1."""

    make_up: bool = False
    consent: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ParentTeam:
    """The team below which missing teams are made; it is made too when missing."""

    code: str
    name_en: str = ""
    name_zh_hans: str = ""
    kind: str = TeamKind.REGION.value


@dataclass(frozen=True, kw_only=True)
class EventMapping(TableMapping):
    """How a file of service events is read."""

    completion: Completion | None = None
    contacts: MadeUpContacts = field(default_factory=MadeUpContacts)
    create_missing: Mapping[str, Any] = field(default_factory=dict)
    contacts_differ: str = (
        ""  # `last`: rows with one customer number and other contacts are the same customer's
    )

    required = REQUIRED
    aliases = ALIASES
    identifiers = IDENTIFIERS
    dispensable = CONTACTS

    @classmethod
    def is_field(cls, name: str) -> bool:
        """Return whether `name` is a field of a service event.

        `customer.…`, `consent.…` and `attributes.…` are fields too.
        """
        return name in FIELDS or (name.startswith(ATTRIBUTES) and len(name) > len(ATTRIBUTES))

    @classmethod
    def known_fields(cls) -> list[str]:
        """Return the fields of a service event."""
        return [*sorted(FIELDS), "attributes.…"]

    @classmethod
    def parts(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Check which rows are completed, which contacts are made up and what is created."""
        if "completion" in given:
            rule = build_part(Completion, given["completion"], "completion")
            given["completion"] = replace(rule, column=clean_heading(rule.column), at=clean_heading(rule.at))
        if "contacts" in given:
            given["contacts"] = build_part(MadeUpContacts, given["contacts"], "contacts")
        if given.get(CONTACTS_DIFFER, "") not in {"", LAST}:
            raise DomainError(
                _("The mapping is wrong at %(name)s: %(error)s") % {"name": CONTACTS_DIFFER, "error": LAST}
            )
        create_missing = object_at(given.get("create_missing", {}), "create_missing")
        unknown = sorted(create_missing.keys() - CREATABLE)
        if unknown:
            raise DomainError(
                _("The mapping has an unknown entry: %(name)s.") % {"name": f"create_missing.{unknown[0]}"}
            )
        _parent_of(create_missing)
        return given

    @property
    def parent_team(self) -> ParentTeam | None:
        """Where missing teams go, when the mapping says so."""
        return _parent_of(self.create_missing)

    def columns_read(self) -> set[str]:
        """Return the columns that the file must have, those that tell completion included."""
        return super().columns_read() | (
            {self.completion.column, self.completion.at} if self.completion else set()
        )


def _parent_of(create_missing: Mapping[str, Any]) -> ParentTeam | None:
    wanted = create_missing.get("teams")
    return build_part(ParentTeam, wanted["parent"], "create_missing.teams.parent") if wanted else None
