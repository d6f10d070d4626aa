"""Every address there is, from the address tables; one that cannot be filled is a failure, not a gap."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from config import public_urls
from feedback_site.service_events.models import ServiceEvent
from feedback_site.voice.models import VoiceEntry
from surveys.models import Invitation, OpenQuestionnaire, Response
from surveys.services.links.tokens import token_of
from tests.isolation.world import World

_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
# Optional parts of the customers' addresses; the plain form is an address too.
_OPTIONAL = re.compile(r"\([^()]*\)\?")
_KEYS = {"object_id", "id", "pk", "token", "reference", "code"}
_OF_A_MODEL = re.compile(rf"{re.escape(settings.ADMIN_PATH)}(\w+)/(\w+)/")


class UnknownArgumentError(LookupError):
    """No one has said how to fill this argument: say so in `fill`."""


@dataclass(frozen=True)
class Address:
    """One pattern: its text, its name, the model it is about if any, and the names of its arguments."""

    route: str
    name: str
    model: Any
    arguments: tuple[str, ...]
    view: Any

    @property
    def is_api(self) -> bool:
        """Whether systems call it, with a key."""
        return self.route.startswith("api/")

    @property
    def is_public(self) -> bool:
        """Whether customers open it, with a token, a number or nothing."""
        return self.route.startswith(("^r/", "^s/", "^voice"))

    @property
    def is_of_a_row(self) -> bool:
        """Whether it is about one row, so that it differs from place to place."""
        return bool(_KEYS & set(self.arguments)) and (self.model is not None or self.is_public)

    def at(self, world: World, place: str) -> str:
        """Return the path for the row of a place."""
        return "/" + _ARGUMENT.sub(
            lambda match: fill(match[1] or match[2], self, world, place), _plain(self.route)
        )


def fill(argument: str, address: Address, world: World, place: str) -> str:
    """Return what stands for one argument."""
    if argument in {"object_id", "id", "pk"} and address.model is not None:
        return str(world.row(address.model, place).pk)
    if argument == "token":
        return token_of(world.row(Invitation, place))
    if argument == "code":
        return str(world.row(OpenQuestionnaire, place).code)
    if argument == "reference":
        return str(world.row(VoiceEntry, place).reference)
    words = {
        "app_label": "surveys",
        "url": "nowhere",
        "source": "crm",
        "kind": "csv",
        "digest": "none",
        "content_type_id": "",
        "object_id": "",
    }
    if address.name == "view_on_site":
        words["content_type_id"] = str(ContentType.objects.get_for_model(ServiceEvent).pk)
        words["object_id"] = str(world.row(ServiceEvent, place).pk)
    if address.name == "customers_words":
        words |= {"kind": "response", "subject_id": str(world.row(Response, place).pk)}
    if not words.get(argument):
        message = f"{argument!r} of {address.route!r}"
        raise UnknownArgumentError(message)
    return words[argument]


@cache
def all_addresses() -> tuple[Address, ...]:
    """Return every address of the site: staff's, systems', operators', customers'."""
    found = [*_walk(get_resolver().url_patterns), *_walk(public_urls.urlpatterns)]
    return tuple({address.route: address for address in found}.values())


def _walk(patterns: list[Any], prefix: str = "") -> Iterator[Address]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, prefix + str(entry.pattern))
        else:
            yield _address(entry, prefix)


def _address(entry: URLPattern, prefix: str) -> Address:
    route = prefix + str(entry.pattern)
    pattern = entry.pattern
    named = pattern.regex.groupindex if isinstance(pattern, RegexPattern) else pattern.converters
    return Address(route, entry.name or "", _model_of(route, entry.callback), tuple(named), entry.callback)


def _model_of(route: str, view: Any) -> Any:
    match = _OF_A_MODEL.match(route)
    if match and (match[1], match[2]) in {
        (model._meta.app_label, model._meta.model_name) for model in apps.get_models()
    }:
        return apps.get_model(match[1], match[2])
    queryset = getattr(getattr(view, "cls", None), "queryset", None)
    return None if queryset is None else queryset.model


def _plain(route: str) -> str:
    return _OPTIONAL.sub("", route).replace("^", "").replace("$", "").replace(r"\Z", "")
