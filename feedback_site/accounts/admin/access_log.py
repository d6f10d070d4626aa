"""The access log as it was written: read-only, and every entry says who."""

import re
from collections.abc import Iterable
from typing import Any, get_args

from django.apps import apps
from django.contrib import admin
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.accounts.admin.base import ReadOnlyModelAdmin
from feedback_site.accounts.admin.display import display
from feedback_site.accounts.admin.list_filters import DayTimeRangeFilter
from feedback_site.accounts.enums import AccessReason, Weight
from feedback_site.accounts.models import AccessLogEntry, ApiKey, User
from feedback_site.accounts.rules import access_action

# The weights of actions are called like the colours that show them.
_COLOURS = {weight: weight for weight in get_args(Weight)}
# Seals are written in groups, so that they fit a phone.
_GROUP = 4


def _name_of(actors: QuerySet[Any], prefix: str, name: str) -> Subquery:
    """Return the name of the actor `prefix<id>`; None where the actor is of another kind or gone."""
    called = actors.annotate(word=Concat(Value(prefix), Cast("pk", CharField())))
    return Subquery(called.filter(word=OuterRef("actor")).values(name)[:1])


def kind_in_words(kind: str) -> str:
    """Return what a kind of rows is called in the reader's language; other kinds as written."""
    for model in apps.get_models():
        meta = model._meta  # noqa: SLF001 - documented by Django
        if kind == meta.model_name:
            return str(capfirst(meta.verbose_name))
        if kind in {f"{meta.model_name}s", _underscored(model.__name__), f"{_underscored(model.__name__)}s"}:
            return str(capfirst(meta.verbose_name_plural))
    return kind


def _underscored(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class ActorFilter(admin.SimpleListFilter):
    """Those who are in the log, by name."""

    title = _("who")
    parameter_name = "actor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """Offer the actors of the entries within the reader's scope."""
        rows = model_admin.get_queryset(request).order_by("actor").distinct("actor")
        return [(entry.actor, _shown(entry)) for entry in rows]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the chosen actor."""
        return queryset.filter(actor=self.value()) if self.value() else queryset


@admin.register(AccessLogEntry)
class AccessLogEntryAdmin(ReadOnlyModelAdmin):
    list_display = ("number", "at", "who", "shown_action", "what", "reason", "team", "figures")
    list_filter = ("action", ActorFilter, "team", ("at", DayTimeRangeFilter))
    list_filter_submit = True
    list_select_related = ("team",)
    search_fields = ("subject_id",)
    search_help_text = _("The id of what was read.")
    ordering = ("-pk",)
    fields = (
        ("number", "at"),
        ("who", "shown_action"),
        ("shown_kind", "subject_id"),
        "team",
        "details",
        "seal",
        "seal_before",
    )
    technical_fields = ("seal", "seal_before")
    readonly_fields = ("number", "who", "shown_action", "shown_kind", "seal", "seal_before")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the entries within scope with their actors' names."""
        staff, keys = (
            _name_of(User.objects.all(), "user:", "username"),
            _name_of(ApiKey.objects.all(), "api_key:", "name"),
        )
        return super().get_queryset(request).annotate(user_name=staff, key_name=keys)

    @display(description=_("number"), ordering="pk")
    def number(self, entry: AccessLogEntry) -> int:
        """The entry's number in the chain."""
        return entry.pk

    @display(description=_("who"), ordering="actor")
    def who(self, entry: Any) -> str:
        """The actor's name."""
        return _shown(entry)

    @display(description=_("action"), ordering="action", label=_COLOURS)
    def shown_action(self, entry: AccessLogEntry) -> tuple[str, Any]:
        """What they did."""
        action = access_action(entry.action)
        return action.weight if action else "info", entry.get_action_display()

    @display(description=pgettext_lazy("access log", "subject"), header=True)
    def what(self, entry: AccessLogEntry) -> tuple[str, str]:
        """The kind of rows, above the id."""
        return kind_in_words(entry.subject_kind), entry.subject_id

    @display(description=pgettext_lazy("access log", "subject"))
    def shown_kind(self, entry: AccessLogEntry) -> str:
        """The kind of rows."""
        return kind_in_words(entry.subject_kind)

    @display(description=_("why"), header=True)
    def reason(self, entry: AccessLogEntry) -> tuple[Any, str]:
        """Why a contact was looked at, above the reader's own words."""
        reason = entry.details.get("reason", "")
        return AccessReason(reason).label if reason in AccessReason.values else "–", entry.details.get(
            "note", ""
        )

    @display(description=_("rows"))
    def figures(self, entry: AccessLogEntry) -> str:
        """How many rows were taken."""
        return str(entry.details.get("rows", "–"))

    @display(description=_("seal"))
    def seal(self, entry: AccessLogEntry) -> str:
        """SHA-256 over the entry and the seal before."""
        return bytes(entry.entry_hash).hex(" ", _GROUP)

    @display(description=_("seal before"))
    def seal_before(self, entry: AccessLogEntry) -> str:
        """The seal of the entry before."""
        return bytes(entry.previous_hash).hex(" ", _GROUP)


def _shown(entry: Any) -> str:
    if entry.user_name:
        return str(entry.user_name)
    return str(_("API key %(name)s") % {"name": entry.key_name}) if entry.key_name else str(entry.actor)
