"""The mapping file: how the columns of somebody's file become the fields of a service event."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

from feedback_site.accounts.enums import TeamKind
from feedback_site.common.exceptions import DomainError
from feedback_site.customers.enums import CONSENT_PURPOSES
from feedback_site.service_events.api.serializers import CustomerInput, ServiceEventInput

ATTRIBUTES = "attributes."
_NESTED = {"customer", "consent", "attributes"}
FIELDS: set[str] = (
    {str(name) for name in ServiceEventInput().fields if str(name) not in _NESTED}
    | {f"customer.{name}" for name in CustomerInput().fields}
    | {f"consent.{purpose}" for purpose in CONSENT_PURPOSES}
)
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
class EventMapping:
    """How a file is read. Without columns, the file's own headings are the fields' names."""

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "utf-8-sig"
    time_zone: ZoneInfo | None = None
    time_formats: list[str] = field(default_factory=list)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    completion: Completion | None = None
    contacts: MadeUpContacts = field(default_factory=MadeUpContacts)
    create_missing: Mapping[str, Any] = field(default_factory=dict)

    @property
    def parent_team(self) -> ParentTeam | None:
        """Where missing teams go, when the mapping says so."""
        wanted = self.create_missing.get("teams")
        return _build(ParentTeam, wanted["parent"], "create_missing.teams.parent") if wanted else None

    def for_headings(self, headings: list[str]) -> "EventMapping":
        """Return this mapping for a file; raises `DomainError` naming the columns that the file does not have."""
        if not self.columns:
            own = {name: name for name in headings if is_field(name)}
            return EventMapping(**{**{f.name: getattr(self, f.name) for f in fields(self)}, "columns": own})
        named = set(self.columns.values()) | ({self.completion.column, self.completion.at} if self.completion else set())
        missing = sorted(named - set(headings))
        if missing:
            raise DomainError(_("The file has no column %(names)s.") % {"names": ", ".join(missing)}, {"columns": missing})
        return self


def is_field(name: str) -> bool:
    """Return whether `name` is a field of a service event, `customer.…`, `consent.…` and `attributes.…` included."""
    return name in FIELDS or (name.startswith(ATTRIBUTES) and len(name) > len(ATTRIBUTES))


def load_mapping(path: Path) -> EventMapping:
    """Read a mapping file. Raises `DomainError` naming what in it is wrong."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise DomainError(_("The mapping file is not JSON: %(error)s") % {"error": error}) from None
    return parse_mapping(data)


def parse_mapping(data: Any) -> EventMapping:
    """Check a mapping and return it. Raises `DomainError` naming what in it is wrong."""
    given = dict(_object(data, "mapping"))
    _refuse_unknown_fields({**_object(given.get("columns", {}), "columns"), **_object(given.get("constants", {}), "constants")})
    if "time_zone" in given:
        given["time_zone"] = _zone(given["time_zone"])
    if "completion" in given:
        given["completion"] = _build(Completion, given["completion"], "completion")
    if "contacts" in given:
        given["contacts"] = _build(MadeUpContacts, given["contacts"], "contacts")
    unknown = sorted(_object(given.get("create_missing", {}), "create_missing").keys() - CREATABLE)
    if unknown:
        raise DomainError(_("The mapping has an unknown entry: %(name)s.") % {"name": f"create_missing.{unknown[0]}"})
    mapping: EventMapping = _build(EventMapping, given, "mapping")
    mapping.parent_team  # noqa: B018 - raises where the parent is not well described
    return mapping


def _build(kind: Any, data: Any, name: str) -> Any:
    try:
        return kind(**_object(data, name))
    except TypeError as error:
        raise DomainError(_("The mapping is wrong at %(name)s: %(error)s") % {"name": name, "error": error}) from None


def _object(data: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise DomainError(_("The mapping is wrong at %(name)s: %(error)s") % {"name": name, "error": "{}"})
    return data


def _zone(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError):
        raise DomainError(_("There is no time zone %(name)s.") % {"name": name}) from None


def _refuse_unknown_fields(named: Mapping[str, Any]) -> None:
    unknown = sorted(name for name in named if not is_field(name))
    if unknown:
        known = ", ".join([*sorted(FIELDS), "attributes.…"])
        message = _("The mapping names unknown fields: %(names)s. Known are: %(known)s")
        raise DomainError(message % {"names": ", ".join(unknown), "known": known}, {"fields": unknown})
