"""Five places with one case each, and everything that refers to them."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pgtrigger
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from model_bakery import baker

from feedback_site.accounts.enums import ExternalIdProvider, Grant, TeamKind
from feedback_site.accounts.models import SignInFailure, Team, User, UserExternalId
from feedback_site.accounts.services import create_api_key
from feedback_site.common.clock import database_now
from feedback_site.common.sealing import blind_index, seal
from feedback_site.customers.models import Customer
from feedback_site.evaluations.models import Measurement, MeasurementStatement
from feedback_site.questionnaires.models import (
    Condition,
    EndPage,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    QuestionOption,
)
from feedback_site.service_events.models import (
    CalendarDay,
    EventContact,
    IdempotencyKey,
    ServiceEvent,
    ServiceEventTransition,
    WorkingCalendar,
)
from feedback_site.voice.models import VoiceDesk
from surveys.models import (
    Invitation,
    OnSiteAnswer,
    OnSiteLink,
    OpenQuestionnaire,
    Response,
    ResponseInterview,
    Survey,
    TransitionEffect,
)
from surveys.services.links.tokens import hash_token, token_of
from tests.factories.cases import DOCUMENT, ask, write_case
from tests.factories.dashboards.export_files import write_export
from tests.isolation.canaries import kind_of, put_canary
from tests.isolation.places import PARENTS, READER, Mark, word
from visits.models import VisitPlan

FAR_AWAY = datetime(2099, 1, 1, tzinfo=UTC)


@dataclass
class World:
    """The rows by model and place, and the keys that no one could guess."""

    organisation: SimpleNamespace
    teams: dict[str, Team] = field(default_factory=dict)
    rows: defaultdict[type, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    shared: dict[type, Any] = field(default_factory=dict)
    keys: dict[str, Mark] = field(default_factory=dict)

    def add(self, row: Any, place: str) -> Any:
        """Take a row in: the first of its kind at a place is the one that addresses are about."""
        canary = word(place, kind_of(row))
        put_canary(row, canary, instead_of=word(place, "Case"))
        self.rows[type(row)].setdefault(place, type(row)._base_manager.get(pk=row.pk))
        if isinstance(row._meta.pk, models.UUIDField | models.OneToOneField):
            self.keys[str(row.pk)] = Mark(place, kind_of(row))
        return row

    def row(self, model: type, place: str) -> Any:
        """Return the row of a model at a place; of tables without teams the one row there is."""
        if model in self.rows and place in self.rows[model]:
            return self.rows[model][place]
        if is_scoped(model):
            message = f"tests/isolation/world.py writes no row of {model.__name__} at {place}"  # type: ignore[attr-defined]
            raise LookupError(message)
        if model not in self.shared:
            self.shared[model] = model.objects.first() or baker.make(model)  # type: ignore[attr-defined]
        return self.shared[model]

    def copy(self) -> "World":
        """Return one that a test may add to."""
        return replace(
            self,
            rows=defaultdict(dict, {model: dict(places) for model, places in self.rows.items()}),
            shared=dict(self.shared),
        )

    def register(self, row: Any) -> None:
        """Take in a row of the reader's own."""
        put_canary(row, word(READER, kind_of(row)), instead_of=READER)
        self.rows[type(row)][READER] = row


def is_scoped(model: Any) -> bool:
    """Whether the rows of a model belong to teams."""
    return hasattr(model._default_manager.all(), "for_user")


def registered_models() -> list[Any]:
    """Every model with staff pages."""
    return list(admin.site._registry)


def build_world(organisation: SimpleNamespace) -> World:
    """Write one case per place, then a canary into every text column."""
    world = World(organisation)
    asked = ask(organisation)
    with pgtrigger.ignore():
        _write_teams(world)
        VoiceDesk.objects.create(team=organisation.west)  # so that no other person learns where it is
        for number, (place, team) in enumerate(world.teams.items()):
            _write_place(world, place, team, asked, number)
    return world


def _write_teams(world: World) -> None:
    organisation = world.organisation
    region = organisation.east
    world.teams = {
        "Parent": region,
        "Own": organisation.east_1,
        "West": organisation.west_1,
        "Sister": Team.objects.create(
            code="east-2", kind=TeamKind.STATION, names={"en": "East-2", "zh-hans": "二站"}, parent=region
        ),
        "Child": Team.objects.create(
            code="east-1-a",
            kind=TeamKind.FRANCHISE,
            names={"en": "East-1-A", "zh-hans": "加盟点"},
            parent=organisation.east_1,
        ),
    }
    assert set(world.teams) == set(PARENTS)
    for place, team in world.teams.items():
        world.add(team, place)
        team.refresh_from_db()


def _write_place(world: World, place: str, team: Team, asked: SimpleNamespace, number: int) -> None:
    canary = word(place, "Case")
    at = database_now()
    case = write_case(organisation=world.organisation, asked=asked, team=team, canary=canary)
    member = User.objects.create(username=f"{canary}-member", role="service_team", team=team, language="en")
    UserExternalId.objects.create(user=member, provider=ExternalIdProvider.WECOM, value=f"{canary}-wecom")
    rules = _write_rules(team, f"{place}-{number}", member)
    key, _clear = create_api_key(name=canary, grants=list(Grant), team=team)
    export = write_export(by=member, text=word(place, "Export"), at=at)
    staff = list(User.objects.filter(username__startswith=canary).order_by("pk"))
    request = IdempotencyKey.objects.create(api_key=key, value=canary, request_hash=b"x" * 32, created_at=at)
    for row in [*case.rows, *rules, *staff, key, request, export]:
        world.add(row, place)
    interview = ResponseInterview.objects.create(
        response=world.rows[Response][place], interviewer=member, recorded_at=at
    )
    world.add(interview, place)
    member.refresh_from_db()
    world.add(
        SignInFailure.objects.create(
            username=member.username, ip_address="127.0.0.1", failures_since_start=1
        ),
        place,
    )
    _write_rows_without_pages(world, place, member)
    _seal(world.rows[Customer][place], place, number)
    _hand_out_a_link(world, place, rules)
    _write_log(world, place, member)


def _write_rows_without_pages(world: World, place: str, member: User) -> None:
    """Rows of scoped models without staff pages: they may come up on the pages of others."""
    at = database_now()
    event, response = world.rows[ServiceEvent][place], world.rows[Response][place]
    phone = "+8613800000999"
    contact = EventContact.objects.create(
        service_event=event,
        phone_sealed=seal(value=phone, table="service_events_eventcontact", column="phone", row_id=event.pk),
        phone_index=blind_index(column="phone", value=phone),
    )
    world.add(contact, place)
    link = OnSiteLink.objects.create(
        invitation_id=response.pk,
        shown_by=member,
        shown_at=at,
        expires_at=at,
        code_hash=uuid.uuid4().bytes * 2,
        form_hash=uuid.uuid4().bytes * 2,
        token_key_id=0,
        needs_digits=False,
    )
    answer = OnSiteAnswer.objects.create(response=response, link=link, is_confirmed=False, is_counted=True)
    statement = MeasurementStatement.objects.create(
        measurement=world.rows[Measurement][place],
        revision=1,
        n=1,
        source="spot_check",
        way="staff",
        stated_by=member,
        stated_at=at,
    )
    completion = world.rows[ServiceEventTransition][place]
    effect = TransitionEffect.objects.create(transition=completion, outcome="none", applied_at=at)
    for row in (link, answer, statement, effect):
        world.add(row, place)


def _write_rules(team: Team, slug: str, member: User) -> list[Any]:
    """A questionnaire of the team's own with all that hangs on it."""
    texts = {
        "names": {"en": slug, "zh-hans": slug},
        "title": {"en": slug, "zh-hans": slug},
        "thanks": {"en": slug, "zh-hans": slug},
    }
    questionnaire = Questionnaire.objects.create(slug=slug, team=team, **texts)
    question = Question.objects.create(
        questionnaire=questionnaire, key=slug, type="choice", text={"en": slug, "zh-hans": slug}
    )
    option = QuestionOption.objects.create(question=question, key=slug, text={"en": slug, "zh-hans": slug})
    end = EndPage.objects.create(questionnaire=questionnaire, key=slug, text={"en": slug, "zh-hans": slug})
    condition = Condition.objects.create(
        questionnaire=questionnaire, end_page=end, subject=question, operator="answered", value=slug
    )
    version = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire,
        number=1,
        document=DOCUMENT,
        published_at=database_now(),
        published_by=member,
    )
    # The trigger that gives out places is stilled too.
    place = Survey.objects.count() + 1
    survey = Survey.objects.create(
        slug=slug, name=slug, questionnaire=questionnaire, team=team, position=place, is_active=False
    )
    plan = VisitPlan.objects.create(
        slug=slug,
        names={"en": slug, "zh-hans": slug},
        trigger="detractor",
        questionnaire=questionnaire,
        team=team,
        is_active=False,
    )
    calendar = WorkingCalendar.objects.create(team=team, purpose="calls")
    day = CalendarDay.objects.create(calendar=calendar, date="2031-05-05", is_working=False, name=slug)
    return [questionnaire, question, option, version, survey, plan, end, condition, calendar, day]


def _seal(customer: Customer, place: str, number: int) -> None:
    """Give the customer a name and a phone in clear behind the seal."""
    table, phone = "customers_customer", f"+8613800000{number:03d}"
    Customer.objects.filter(pk=customer.pk).update(
        name_sealed=seal(value=word(place, "Case"), table=table, column="name", row_id=customer.pk),
        phone_sealed=seal(value=phone, table=table, column="phone", row_id=customer.pk),
        phone_index=blind_index(column="phone", value=phone),
        phone_takes_texts=True,
    )


def _hand_out_a_link(world: World, place: str, rules: list[Any]) -> None:
    """Let the invitation of the place ask by the place's own questionnaire, and let its link work."""
    version, invitation = rules[3], world.rows[Invitation][place]
    title = {"en": word(place, "Script"), "zh-hans": word(place, "Script")}
    QuestionnaireVersion.objects.filter(pk=version.pk).update(
        document={**DOCUMENT, "slug": word(place, "Script"), "title": title}
    )
    token = hash_token(token_of(invitation))
    Invitation.objects.filter(pk=invitation.pk).update(
        version=version, token_hash=token, expires_at=FAR_AWAY, answered_at=None
    )
    OpenQuestionnaire.objects.filter(pk=world.rows[OpenQuestionnaire][place].pk).update(
        questionnaire=version.questionnaire
    )


def _write_log(world: World, place: str, member: User) -> None:
    """What was done to each row, as the history pages tell it."""
    types = {
        model: ContentType.objects.get_for_model(model) for model in world.rows if model in apps.get_models()
    }
    entries = [
        LogEntry(
            user=member,
            content_type=types[model],
            object_id=str(places[place].pk),
            object_repr=word(place, kind_of(places[place])),
            action_flag=CHANGE,
            change_message=word(place, kind_of(places[place])),
        )
        for model, places in world.rows.items()
        if place in places
    ]
    LogEntry.objects.bulk_create(entries)
