"""Asking for every address by every method, and reading every byte of what comes back."""

import io
import os
import zipfile
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from zlib import crc32

from django.db.models import Model
from django.http import HttpResponseBase

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import Team
from feedback_site.dashboards.models import Export
from surveys.models import Invitation, OpenQuestionnaire
from surveys.services.links.tokens import token_of
from tests.isolation.addresses import Address, all_addresses
from tests.isolation.asking import undoing
from tests.isolation.canaries import kind_of
from tests.isolation.places import PARENTS, READER, Mark, line_of, marks_in
from tests.isolation.readers import Reader
from tests.isolation.world import World, is_scoped, registered_models

NOT_FOR_PAGES = ("PUT", "PATCH", "DELETE", "OPTIONS")
SAFE = {"GET", "HEAD", "OPTIONS"}
OK, SERVER_ERROR = 200, 500
# `python -m tests.isolation` asks for every cell.
IS_WHOLE = os.environ.get("ISOLATION") == "whole"
# What a page may be asked in its address: as a pop-up, with
# a search, with counts beside its filters, with every row.
LIST_VARIANTS = ("_popup=1", "q=Kanari", "_facets=True", "all=")
SEARCHES = ("s=Kanari", "s=Kanari&extended=1")
# Enough for every page that asks before it acts, and for a file in each export.
_POSTED = {
    "post": "yes",
    "confirmed": "1",
    "confirm": "1",
    "format": "1",
    "q": "Kanari",
    "reason": "other",
    "note": "x",
    "_start": "1",
}
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Leak:
    """A word that a person read who may not."""

    reader: str
    method: str
    path: str
    word: str


@dataclass
class Report:
    """What one reader's walk found."""

    reader: str
    cells: int = 0
    urls: int = 0
    leaks: list[Leak] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    blind: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    @property
    def seen_pages(self) -> int:
        """How many addresses showed the reader a row."""
        return len(self.seen)

    @property
    def findings(self) -> list[Any]:
        """Everything that must not be."""
        return [*self.leaks, *self.errors, *self.blind]


def walk(
    reader: Reader, world: World, *, addresses: Iterable[Address] | None = None, is_glance: bool = False
) -> Report:
    """Ask for every address as `reader`.

    Rows out of scope by every method, those within it to see that they show. A glance only reads.
    """
    report = Report(reader.name)
    chosen = list(all_addresses() if addresses is None else addresses)
    if not (IS_WHOLE or is_glance):
        chosen = [address for address in chosen if _tells(reader, address)]
    report.urls = len(chosen)
    for address in chosen:
        for place in places_of(address, reader):
            _walk_address(reader, world, address, place, report, is_glance=is_glance)
    return report


def _tells(reader: Reader, address: Address) -> bool:
    """A reader who sees every team can be shown nothing too much but files of others.

    The rest of their pages is left to a whole run.
    """
    return reader.scope.reach != "all" or reader.is_system or address.model is None or address.model is Export


def places_of(address: Address, reader: Reader) -> list[str]:
    """At whose rows an address is tried.

    One's own and the other region's, by thorough readers at everybody's.
    """
    if not address.is_of_a_row or (address.model is not None and not is_scoped(address.model)):
        return [reader.scope.place]
    extra = [READER] if address.model is Export and reader.is_known else []
    if reader.is_thorough:
        return [*(PARENTS if IS_WHOLE else ("Own", "West")), *extra]
    if reader.scope.reach == "all":
        return [reader.scope.place, *(["West"] if extra else []), *extra]
    # A reader who sees the station from above sees their own rows alike: those are left to a whole run.
    own = [] if reader.scope.place in line_of("Own") and not IS_WHOLE else [reader.scope.place]
    return [*dict.fromkeys(["Own", "West", *own]), *extra]


def _walk_address(
    reader: Reader, world: World, address: Address, place: str, report: Report, *, is_glance: bool
) -> None:
    path = address.at(world, place)
    answer = ask_for(reader, "GET", path, world, report)
    _expect_to_see(reader, world, address, place, answer, report)
    if is_glance:
        return
    for method in _methods_after(reader, address, place, answer.status):
        ask_for(reader, method, path, world, report)
    if answer.status == OK or address.name == "autocomplete":
        for query in _queries(reader, address):
            ask_for(reader, "GET", f"{path}?{query}", world, report)


def _queries(reader: Reader, address: Address) -> Iterable[str]:
    """Return what an address may be asked with: lists by thorough readers, searches and choices by all."""
    if address.name.endswith("_changelist") and reader.is_thorough:
        return LIST_VARIANTS if IS_WHOLE else LIST_VARIANTS[:2]
    return {"search": SEARCHES, "autocomplete": _choices()}.get(address.name, ())


def scoped_references(model: type[Model]) -> Iterator[Any]:
    """Yield the columns of a model that refer to rows within a scope."""
    for column in model._meta.concrete_fields:
        if column.is_relation and is_scoped(column.related_model):
            yield column


@cache
def _choices() -> tuple[str, ...]:
    """Return what a page would ask for the choices of every reference.

    One for each table that is referred to.
    """
    asked = {
        field.related_model: (
            f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
            f"&field_name={field.name}&term="
        )
        for model in registered_models()
        for field in scoped_references(model)
    }
    return tuple(f"{query}{term}" for query in asked.values() for term in ("", "Kanari"))


def _methods_after(reader: Reader, address: Address, place: str, status: int) -> list[str]:
    """Return what is tried after GET. A page of one's own that acts is another test's.

    Here it would only do what it may.

    HEAD is GET without the body: it is asked where GET was refused.
    """
    acts_on_own = address.is_of_a_row and (
        _is_visible(reader, address, place) or place not in {"West", "Own"}
    )
    # A list that is posted to shows what it showed, and its actions are another test's.
    is_same_list = (
        address.name.endswith("_changelist") and status == OK and not (IS_WHOLE or reader.is_thorough)
    )
    posts = [] if acts_on_own or is_same_list else ["POST"]
    others = [*NOT_FOR_PAGES, *(["HEAD"] if status != OK else [])]
    if IS_WHOLE or address.is_api or address.is_public:
        return [*posts, *others]
    # Django's pages know POST and the rest. In a whole run all of them are
    # asked for everywhere; otherwise they take turns, so that every page
    # is asked by every method by some readers, and by GET and POST by all.
    turn = crc32(f"{reader.name}{place}{address.route}".encode())
    return [*posts, others[turn % len(others)]]


@dataclass(frozen=True)
class Answer:
    """What came back: all of it as text, and the marks that it holds."""

    status: int
    text: str
    marks: dict[str, Mark]


def ask_for(reader: Reader, method: str, path: str, world: World, report: Report, data: Any = None) -> Answer:
    """Make one request, undo what it did, and write down what it gave away."""
    response = _request(reader, method, path, data)
    report.cells += 1
    if response.status_code >= SERVER_ERROR:
        report.errors.append(f"{reader.name}: {method} {path} -> {response.status_code}")
    asked, text = path.lower(), _text_of(response)
    found = {word: mark for word, mark in marks_in(text, world.keys).items() if word.lower() not in asked}
    out_of_scope = {word: mark for word, mark in found.items() if not reader.scope.allows(mark)}
    report.leaks += [
        Leak(reader.name, method, path, word)
        for word, mark in out_of_scope.items()
        if not _is_no_secret(path, mark, world)
    ]
    return Answer(response.status_code, text, found)


def _is_no_secret(path: str, mark: Mark, world: World) -> bool:
    return _brings_its_link(path, mark, world) or _is_told_to_all(path, mark)


def _brings_its_link(path: str, mark: Mark, world: World) -> bool:
    """Whether a person came by a customer's link, or a code.

    They read the questions that it leads to, as customers do, and nothing else.
    """
    links = (
        f"/r/{token_of(world.row(Invitation, mark.place))}/",
        f"/s/{world.row(OpenQuestionnaire, mark.place).code}/",
    )
    return mark.kind == "Script" and path.startswith(links)


def _is_told_to_all(path: str, mark: Mark) -> bool:
    """What was published is on the one page that is there for it, and nowhere else."""
    return mark.kind == "Published" and path.partition("?")[0] == "/voice/"


def _request(reader: Reader, method: str, path: str, data: Any) -> HttpResponseBase:
    cookies = copy(reader.client.cookies)
    options: dict[str, Any] = {"headers": reader.headers}
    if method not in SAFE:
        options |= (
            {"data": "{}", "content_type": "application/json"}
            if path.startswith("/api/")
            else {"data": data or _POSTED}
        )
    with undoing.undone():
        response = getattr(reader.client, method.lower())(path, **_fitting(method, path, options))
    # "… with ID … does not exist" repeats one page later what
    # was asked for; a person who signed out is signed in again.
    reader.client.cookies = cookies
    return response


def _fitting(method: str, path: str, options: dict[str, Any]) -> dict[str, Any]:
    if method in {"PUT", "PATCH", "DELETE"} and not path.startswith("/api/"):
        return {
            "headers": options["headers"],
            "data": "post=yes",
            "content_type": "application/x-www-form-urlencoded",
        }
    return options


def _text_of(response: Any) -> str:
    """Everything that went out: headers with file names and ways on, cookies, and the body, unpacked."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    parts = [
        *(f"{name}: {value}" for name, value in response.headers.items()),
        response.cookies.output(),
        *_unpacked(body),
    ]
    return "\n".join(parts)


def _unpacked(body: bytes) -> Iterator[str]:
    if not body.startswith(_ZIP):
        yield body.decode(errors="replace")
        return
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            yield name
            yield archive.read(name).decode(errors="replace")


def _is_visible(reader: Reader, address: Address, place: str) -> bool:
    if address.model is None or place == READER or not is_scoped(address.model):
        return True
    return reader.scope.allows(Mark(place, kind_of(address.model())))


def _expect_to_see(
    reader: Reader, world: World, address: Address, place: str, answer: Answer, report: Report
) -> None:
    """Where a person may see a row, it is there: an empty page would leak nothing and prove nothing."""
    if answer.status == OK and any(mark.place in {place, READER} for mark in answer.marks.values()):
        report.seen.add(address.route)
    if address.name == "index" and reader.user is not None and answer.status != OK:
        report.blind.append(
            f"{reader.name}: GET {address.at(world, place)} -> {answer.status}: everybody has a home page"
        )
    if not must_show(reader, address, place):
        return
    row = world.row(address.model, place)
    is_listed = f"/{row.pk}/change/" in answer.text or Mark(place, kind_of(row)) in answer.marks.values()
    if answer.status != OK or not is_listed:
        report.blind.append(
            f"{reader.name}: GET {address.at(world, place)} -> {answer.status}, without its row"
        )


def must_show(reader: Reader, address: Address, place: str) -> bool:
    """Return whether a reader must find the row at this address.

    Lists, pages and histories of what their role opens.
    """
    if address.model is None or not is_scoped(address.model) or not _is_visible(reader, address, place):
        return False
    if address.is_api:
        if "get" not in getattr(address.view, "actions", {}):
            return False
        needed = {getattr(getattr(address.view, "cls", None), "required_grants", {}).get("GET")}
        if address.view.actions["get"] == "download":
            # A file of responses is handed to those only who may still read responses.
            needed.add(Grant.RESPONSES_READ)
        return reader.grants is not None and all(
            grant is not None and grant.value in reader.grants for grant in needed
        )
    is_from_above = (
        place != READER and reader.scope.reach == "subtree" and reader.scope.place not in line_of(place)
    )
    if is_from_above and address.model is Team:
        return False
    # What is shared downwards, and figures, are read without the names of those who changed them.
    has_history = not is_from_above and reader.scope.reach != "figures"
    pages = ("_changelist", "_change", "_history") if has_history else ("_changelist", "_change")
    return address.name.endswith(pages) and reader.may_view(address.model)
