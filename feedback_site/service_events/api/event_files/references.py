"""Reference rows that a file names and that do not exist yet, when the mapping allows making them."""

from typing import Any

from django.utils.text import slugify

from feedback_site.accounts.enums import TeamKind
from feedback_site.accounts.models import Team
from feedback_site.common.languages import SUFFIXES, Language
from feedback_site.service_events.api.event_files.mapping import EventMapping, ParentTeam
from feedback_site.service_events.models import ServiceChannel, ServiceKind
from feedback_site.service_events.selectors.events import References

_LONGEST_SLUG, _LONGEST_NAME = 40, 120


def create_missing_references(body: dict[str, Any], references: References, mapping: EventMapping) -> None:
    """Make the team, kind and channel of a body where the mapping allows it.

    The body then names them by their slug.
    """
    for table, name in (("teams", "team"), ("kinds", "kind"), ("channels", "channel")):
        known: dict[str, Any] = getattr(references, table)
        value = body.get(name)
        if not value or value in known or not mapping.create_missing.get(table):
            continue
        slug = slugify(value)[:_LONGEST_SLUG]
        if not slug:
            continue
        body[name] = slug
        if slug not in known:
            known[slug] = _make(table, slug, str(value), mapping)


def _make(table: str, slug: str, name: str, mapping: EventMapping) -> Any:
    names = _names(name, mapping.create_missing[table])
    if table == "kinds":
        return ServiceKind.objects.create(slug=slug, names=names)
    if table == "channels":
        return ServiceChannel.objects.create(slug=slug, names=names)
    parent = mapping.parent_team
    return Team.objects.create(
        code=slug,
        kind=TeamKind.STATION,
        parent=_parent(parent, mapping) if parent else None,
        time_zone=_zone_name(mapping),
        names=names,
    )


def _names(name: str, wanted: Any) -> dict[str, str]:
    stated: dict[str, str] = wanted.get(name, {}) if isinstance(wanted, dict) else {}
    plain = name.replace("_", " ")
    # Mappings name the columns that names once had; a name that they do not state is the file's.
    return {code: stated.get(f"name_{suffix}", plain)[:_LONGEST_NAME] for code, suffix in SUFFIXES.items()}


def _parent(parent: ParentTeam, mapping: EventMapping) -> Team:
    found: tuple[Team, bool] = Team.objects.without_tree_fields().get_or_create(
        code=parent.code,
        defaults={
            "kind": parent.kind,
            "names": {
                Language.ENGLISH.value: parent.name_en or parent.code,
                Language.CHINESE.value: parent.name_zh_hans or parent.code,
            },
            "time_zone": _zone_name(mapping),
        },
    )
    return found[0]


def _zone_name(mapping: EventMapping) -> str:
    return (
        mapping.time_zone.key if mapping.time_zone else str(Team._meta.get_field("time_zone").get_default())  # noqa: SLF001 - Django's documented API
    )
