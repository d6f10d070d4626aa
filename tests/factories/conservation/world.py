"""Rows as the services would have left them, written without the services."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from types import SimpleNamespace
from uuid import uuid4

from feedback_site.customers.models import Customer
from feedback_site.delivery.models import Message, MessageAttempt
from feedback_site.evaluations.models import Indicator, Measurement
from feedback_site.questionnaires.models import Questionnaire, QuestionnaireVersion
from feedback_site.service_events.models import Agent, ServiceEvent, ServiceEventTransition
from surveys.models import (
    AgentTally,
    EventDecision,
    IndicatorTally,
    Invitation,
    PendingTally,
    Response,
    ResponseSource,
    ResponseTally,
    Survey,
)

COMPLETED = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
MONTH = date(2026, 11, 1)
QUARTER = date(2026, 10, 1)
# One question for each way of feeding an indicator, what the two answers said, and what that gives.
QUESTIONS = [
    {"key": "attitude", "type": "rating", "indicator": "service_attitude", "feeds": "rating"},
    {"key": "known", "type": "yes_no", "indicator": "customer_known", "feeds": "percent"},
    {"key": "easy", "type": "ces", "indicator": "unasked_offer", "feeds": "percent"},
    {
        "key": "clear",
        "type": "csat",
        "indicator": "solution_adoption",
        "feeds": "percent",
        "settings": {"points": 7},
    },
    {
        "key": "first",
        "type": "choice",
        "indicator": "first_contact_resolution",
        "feeds": "percent",
        "options": [{"key": "yes", "fulfils": True}, {"key": "no", "fulfils": False}, {"key": "unknown"}],
    },
    {"key": "satisfaction", "type": "rating", "indicator": "customer_satisfaction"},
]
MIDDLE = 3
HAPPY = {"attitude": 5, "known": "yes", "easy": 5, "clear": 6, "first": "yes"}
UNHAPPY = {"attitude": 2, "known": "no", "easy": 4, "clear": 5, "first": "unknown"}
FED = {
    "service_attitude": {5: 1, 2: 1},
    "customer_known": {1: 1, 0: 1},
    "unasked_offer": {1: 1, 0: 1},
    "solution_adoption": {1: 1, 0: 1},
    "first_contact_resolution": {1: 1},
}
HANDED_OVER = ["answered", "sent", "uncertain", "failed", "suppressed", "missed", "queued"]


class World:
    """Rows as the services would have left them, written without the services."""

    def __init__(self, organisation: SimpleNamespace) -> None:
        self.organisation = organisation
        self.customer = Customer.objects.create(source="crm", external_id="C-1")
        self.agent = Agent.objects.create(source="crm", code="A1", team=organisation.east_1)
        questionnaire = Questionnaire.objects.create(
            slug="after", names={"en": "After", "zh-hans": "服务后"}, title={"en": "t", "zh-hans": "题"}
        )
        self.version = QuestionnaireVersion.objects.create(
            questionnaire=questionnaire,
            number=1,
            document={"slug": "after", "questions": QUESTIONS},
            published_at=COMPLETED,
        )
        self.survey = Survey.objects.create(slug="after", name="After", questionnaire=questionnaire)
        self.events: dict[str, ServiceEvent] = {}
        self.invitations: dict[str, Invitation] = {}
        self.messages: dict[str, Message] = {}

    def event(self, name: str, *, status: str = "completed", is_replayed: bool = False) -> ServiceEvent:
        self.events[name] = ServiceEvent.objects.create(
            source="crm",
            external_id=name,
            kind=self.organisation.repair,
            channel=self.organisation.phone,
            team=self.organisation.east_1,
            credited_team=self.organisation.east_1,
            agent=self.agent,
            customer=self.customer,
            status=status,
            opened_at=COMPLETED - timedelta(hours=2),
            completed_at=None if status == "open" else COMPLETED,
            content_hash=b"0" * 32,
            is_replayed=is_replayed,
        )
        return self.events[name]

    def take_in(self, name: str, *, status: str = "completed", is_decided: bool = True) -> Invitation:
        """An answer collected elsewhere."""
        invitation = self.invite(
            name,
            event=self.event(name, status=status),
            is_decided=is_decided,
            origin="imported",
            is_in_headline=False,
            answered_at=COMPLETED,
        )
        response = Response.objects.create(
            invitation=invitation,
            answers={},
            answers_hash=b"0" * 32,
            language="en",
            mode="paper",
            submitted_at=COMPLETED,
        )
        PendingTally.objects.create(response=response)
        ResponseSource.objects.create(
            response=response, system="old system", external_id=name, recorded_at=COMPLETED
        )
        return invitation

    def decide(self, name: str, *, reason: str = "", invitation: Invitation | None = None) -> None:
        completion = ServiceEventTransition.objects.create(
            event=self.events[name], type="completed", at=COMPLETED, recorded_at=COMPLETED
        )
        EventDecision.objects.create(
            service_event=self.events[name],
            completion=completion,
            reason=reason,
            invitation=invitation,
            decided_at=COMPLETED,
        )

    def invite(
        self, name: str, *, event: ServiceEvent | None = None, is_decided: bool = True, **fields: object
    ) -> Invitation:
        event = event or self.event(name, is_replayed=bool(fields.get("is_replayed")))
        self.invitations[name] = Invitation.objects.create(
            **{
                "purpose": "survey",
                "survey": self.survey,
                "version": self.version,
                "service_event": event,
                "customer": self.customer,
                "team": event.team,
                "credited_team": event.credited_team,
                "agent": self.agent,
                "kind": event.kind,
                "channel": event.channel,
                "language": "en",
                "token_hash": uuid4().bytes + uuid4().bytes,
                "token_key_id": 0,
                "invited_at": COMPLETED,
                "belongs_on": COMPLETED.date(),
                "due_at": COMPLETED,
                "send_until": COMPLETED + timedelta(hours=72),
                "expires_at": COMPLETED + timedelta(days=14),
                **fields,
            }
        )
        if is_decided:
            self.decide(name, invitation=self.invitations[name])
        return self.invitations[name]

    def message(self, name: str, *, status: str, is_local_only: bool = False) -> Message:
        self.messages[name] = Message.objects.create(
            subject_kind="invitation",
            subject_id=self.invitations[name].id,
            channel="sms",
            team=self.organisation.east_1,
            status=status,
            due_at=COMPLETED,
            send_until=COMPLETED + timedelta(hours=72),
            sent_at=COMPLETED if status == "sent" else None,
            is_local_only=is_local_only,
            queued_at=COMPLETED,
        )
        if status in {"sent", "uncertain"}:
            outcome = "accepted" if status == "sent" else "uncertain"
            self.attempt(name, outcome=outcome, code="local" if is_local_only else "202")
        return self.messages[name]

    def fall_back(self, name: str) -> None:
        Message.objects.create(
            subject_kind="invitation",
            subject_id=self.invitations[name].id,
            channel="email",
            team=self.organisation.east_1,
            due_at=COMPLETED,
            send_until=COMPLETED,
            queued_at=COMPLETED,
        )

    def attempt(self, name: str, *, outcome: str, code: str) -> None:
        MessageAttempt.objects.create(
            message=self.messages[name], lease_id=uuid4(), attempted_at=COMPLETED, outcome=outcome, code=code
        )

    def answer(self, name: str, *, satisfaction: int, nps: int) -> None:
        Response.objects.create(
            invitation=self.invitations[name],
            answers={"satisfaction": satisfaction, **(HAPPY if satisfaction > MIDDLE else UNHAPPY)},
            answers_hash=b"0" * 32,
            satisfaction=satisfaction,
            nps=nps,
            language="en",
            submitted_at=COMPLETED,
        )

    def tally(self, cells: dict[tuple[str, int], int]) -> None:
        place = {"day": COMPLETED.date(), "team": self.organisation.east_1}
        for (measure, value), count in cells.items():
            counted = {**place, "measure": measure, "value": value, "count": count}
            ResponseTally.objects.create(
                **counted,
                survey=self.survey,
                kind=self.organisation.repair,
                channel=self.organisation.phone,
                segment=None,
            )
            AgentTally.objects.create(**counted, agent=self.agent)

    def feed(self) -> None:
        """Count what the answers give to indicators, and measure it."""
        for slug, counts in FED.items():
            indicator = Indicator.objects.get(slug=slug)
            for value, count in counts.items():
                IndicatorTally.objects.create(
                    indicator=indicator,
                    day=COMPLETED.date(),
                    team=self.organisation.east_1,
                    value=value,
                    count=count,
                )
            n = sum(counts.values())
            mean = sum(value * count for value, count in counts.items()) / n
            self.measure(value=str(mean if indicator.unit == "rating" else 100 * mean), n=n, slug=slug)

    def measure(self, *, value: str, n: int, slug: str = "customer_satisfaction") -> None:
        indicator = Indicator.objects.get(slug=slug)
        teams = (self.organisation.east_1, self.organisation.east)
        for team, (kind, start) in product(teams, (("month", MONTH), ("quarter", QUARTER))):
            Measurement.objects.create(
                indicator=indicator,
                team=team,
                period_kind=kind,
                period_start=start,
                value=value,
                n=n,
                source="survey",
                measured_at=COMPLETED,
            )


def sample_world(organisation) -> World:
    """One event in every state of the ledger, and two ratings that were counted."""
    world = World(organisation)
    for status in HANDED_OVER:
        world.invite(status, is_queued=True, answered_at=COMPLETED if status == "answered" else None)
        world.message(status, status="sent" if status == "answered" else status)
    world.invite("answered again", is_queued=True, answered_at=COMPLETED)
    world.message("answered again", status="sent")
    world.invite("not handed over yet")
    world.invite("replayed", is_queued=True, is_replayed=True)
    world.message("replayed", status="sent", is_local_only=True)
    world.invite("voided", voided_at=COMPLETED, void_reason="reopened")
    world.event("withheld")
    world.decide("withheld", reason="no_consent")
    world.event("undecided")
    world.event("not completed", status="open")
    world.answer("answered", satisfaction=5, nps=10)
    world.answer("answered again", satisfaction=2, nps=3)
    world.tally(
        {("response", 0): 2, ("satisfaction", 5): 1, ("satisfaction", 2): 1, ("nps", 10): 1, ("nps", 3): 1}
    )
    world.measure(value="3.5", n=2)
    world.feed()
    return world
