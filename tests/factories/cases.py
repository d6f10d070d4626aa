"""One whole case written straight into the tables.

With canary words in every text column that a page could show.
"""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from feedback_site.accounts.models import Team
from feedback_site.common.sealing import blind_index, seal
from feedback_site.customers.enums import FileType
from feedback_site.customers.models import Consent, ContactRefusal, Customer, CustomerTeam
from feedback_site.customers.services import keep_file
from feedback_site.delivery.models import Message, MessageAttempt
from feedback_site.evaluations.models import (
    Dimension,
    EvaluationRecord,
    EvaluationScheme,
    Indicator,
    Measurement,
    RecordLine,
)
from feedback_site.questionnaires.models import Questionnaire, QuestionnaireVersion
from feedback_site.service_events.models import Agent, ServiceEvent, ServiceEventTransition
from feedback_site.voice.models import MonthlySuggestion
from surveys.models import (
    AgentTally,
    EventDecision,
    EventFlag,
    FollowUpRequest,
    IndicatorTally,
    Invitation,
    LinkVisit,
    OpenQuestionnaire,
    OpenResponse,
    PendingTally,
    Response,
    ResponseDraft,
    ResponseFile,
    ResponseSource,
    ResponseTally,
    Survey,
)
from surveys.rules.codes import new_code
from tests.factories.accounts.case import write_access
from tests.factories.improvements.case import write_improvements
from tests.factories.nps.case import write_campaign
from tests.factories.service_events.case import write_import, write_webhooks
from tests.factories.visits.case import write_visits
from tests.factories.voice.case import write_voice

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
DOCUMENT: dict[str, Any] = {
    "slug": "after-service",
    "name": {"en": "After a service", "zh-hans": "服务后评价"},
    "number": 1,
    "languages": ["zh-hans", "en"],
    "default_language": "zh-hans",
    "title": {"en": "How did we do?", "zh-hans": "服务评价"},
    "intro": {"en": "", "zh-hans": ""},
    "thanks": {"en": "Thank you", "zh-hans": "谢谢"},
    "questions": [
        {
            "key": "satisfaction",
            "type": "rating",
            "metric": "satisfaction",
            "required": True,
            "text": {"en": "How satisfied are you?", "zh-hans": "您满意吗？"},
            "help": {"en": "", "zh-hans": ""},
            "low_label": {"en": "Not at all", "zh-hans": "很不满意"},
            "high_label": {"en": "Very", "zh-hans": "非常满意"},
            "options": [],
        },
        {
            "key": "comment",
            "type": "text",
            "metric": "none",
            "required": False,
            "text": {"en": "Anything else?", "zh-hans": "还有什么想说的？"},
            "help": {"en": "", "zh-hans": ""},
            "low_label": {"en": "", "zh-hans": ""},
            "high_label": {"en": "", "zh-hans": ""},
            "options": [],
        },
    ],
}


@dataclass
class Case:
    """The rows of one case, and the words that only those who may see it may read."""

    canary: str
    rows: list[Any] = field(default_factory=list)

    def add(self, row: Any) -> Any:
        self.rows.append(row)
        return row

    def of(self, model: type) -> Any:
        return next(row for row in self.rows if type(row) is model)

    @property
    def words(self) -> set[str]:
        """The canary, and the keys of rows that no one could guess."""
        return {self.canary} | {str(row.pk) for row in self.rows if isinstance(row.pk, uuid.UUID)}


def ask(organisation: SimpleNamespace) -> SimpleNamespace:
    """A published questionnaire and a rule for every event."""
    questionnaire = Questionnaire.objects.create(
        slug="after-service",
        names={"en": "After a service", "zh-hans": "服务后评价"},
        title={"en": "How did we do?", "zh-hans": "服务评价"},
        thanks={"en": "Thank you", "zh-hans": "谢谢"},
    )
    version = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire, number=1, document=DOCUMENT, published_at=NOON
    )
    survey = Survey.objects.create(slug="after-service", name="After a service", questionnaire=questionnaire)
    return SimpleNamespace(questionnaire=questionnaire, version=version, survey=survey)


def write_case(*, organisation: SimpleNamespace, asked: SimpleNamespace, team: Team, canary: str) -> Case:
    """Write one answered case of `team`."""
    case = Case(canary)
    customer = case.add(
        Customer.objects.create(source="crm", external_id=f"{canary}-customer", name_mask=f"{canary}**")
    )
    CustomerTeam.objects.create(customer=customer, team=team)
    case.add(
        Consent.objects.create(
            customer=customer, purpose="survey", is_granted=True, stated_at=NOON, source=canary
        )
    )
    case.add(_lifted_refusal(customer, canary))
    agent = case.add(
        Agent.objects.create(source="crm", code=f"{canary}-agent", display_name=canary, team=team)
    )
    event = case.add(_event(organisation, team, agent, customer, canary))
    completion = case.add(
        ServiceEventTransition.objects.create(
            event=event, type="completed", at=NOON, recorded_at=NOON, details={"note": canary}
        )
    )
    invitation = case.add(_invitation(organisation, asked, event))
    case.add(
        EventDecision.objects.create(
            service_event=event,
            completion=completion,
            survey=asked.survey,
            invitation=invitation,
            decided_at=NOON,
        )
    )
    case.add(LinkVisit.objects.create(invitation=invitation, first_at=NOON, last_at=NOON))
    response = case.add(
        Response.objects.create(
            invitation=invitation,
            answers={"satisfaction": 2, "comment": canary},
            answers_hash=b"x" * 32,
            satisfaction=2,
            language="en",
            submitted_at=NOON,
        )
    )
    case.add(PendingTally.objects.create(response=response))
    case.add(EventFlag.objects.create(response=response, reason="wrong_person", flagged_at=NOON))
    case.add(
        ResponseDraft.objects.create(
            invitation=invitation, answers={"comment": canary}, language="en", state="sent", saved_at=NOON
        )
    )
    case.add(
        FollowUpRequest.objects.create(response=response, reason="low_score", score=2, requested_at=NOON)
    )
    case.add(
        ResponseSource.objects.create(
            response=response, system="paper", external_id=f"{canary}-answer", recorded_at=NOON
        )
    )
    _write_open(case, asked, team)
    file = keep_file(content=canary.encode(), content_type=FileType.TEXT, at=NOON)
    times = {"arrived_at": NOON, "submitted_at": NOON}
    case.add(
        ResponseFile.objects.create(
            file=file, invitation=invitation, question_key=canary[:40], fingerprint=canary[:32], **times
        )
    )
    message = case.add(
        Message.objects.create(
            subject_kind="invitation",
            subject_id=invitation.pk,
            channel="sms",
            team=team,
            status="sent",
            sent_at=NOON,
            due_at=NOON,
            send_until=NOON + timedelta(days=3),
            queued_at=NOON,
        )
    )
    case.add(
        MessageAttempt.objects.create(
            message=message, lease_id=uuid.uuid4(), attempted_at=NOON, outcome="accepted", code=canary
        )
    )
    _figures(case, organisation, asked, team, agent)
    write_improvements(case, event=event)
    write_voice(case, event=event, month=date(2026, 1 + MonthlySuggestion.objects.count() % 12, 1))
    write_visits(case, asked=asked, event=event)
    case.add(write_access(team=team, canary=canary, at=NOON))
    case.rows += write_webhooks(team=team, canary=canary, at=NOON)
    case.add(write_import(team=team, canary=canary, at=NOON))
    case.rows += write_campaign(asked=asked, team=team, event=event, canary=canary, at=NOON)
    return case


def _write_open(case: Case, asked: SimpleNamespace, team: Team) -> None:
    opened = case.add(
        OpenQuestionnaire.objects.create(
            code=new_code(),
            team=team,
            questionnaire=asked.questionnaire,
            label=case.canary,
            created_at=NOON,
            language="en",
        )
    )
    case.add(
        OpenResponse.objects.create(
            open_questionnaire=opened,
            version=asked.version,
            submission_key=uuid.uuid4().bytes * 2,
            answers={"satisfaction": 2, "comment": case.canary},
            answers_hash=b"x" * 32,
            satisfaction=2,
            ticket_number=case.canary,
            language="en",
            submitted_at=NOON,
        )
    )


def _event(
    organisation: SimpleNamespace, team: Team, agent: Agent, customer: Customer, canary: str
) -> ServiceEvent:
    return ServiceEvent.objects.create(
        source="crm",
        external_id=f"{canary}-event",
        kind=organisation.repair,
        channel=organisation.phone,
        team=team,
        credited_team=team,
        agent=agent,
        customer=customer,
        status="completed",
        opened_at=NOON - timedelta(hours=2),
        completed_at=NOON,
        product_line=canary,
        attributes={"product": canary},
        content_hash=b"x" * 32,
    )


def _invitation(organisation: SimpleNamespace, asked: SimpleNamespace, event: ServiceEvent) -> Invitation:
    return Invitation.objects.create(
        purpose="survey",
        survey=asked.survey,
        version=asked.version,
        service_event=event,
        customer=event.customer,
        team=event.team,
        credited_team=event.credited_team,
        agent=event.agent,
        kind=event.kind,
        channel=event.channel,
        language="en",
        token_hash=uuid.uuid4().bytes * 2,
        token_key_id=0,
        invited_at=NOON,
        belongs_on=date(2026, 11, 20),
        due_at=NOON,
        deadline_at=NOON + timedelta(minutes=10),
        send_until=NOON + timedelta(days=3),
        expires_at=NOON + timedelta(days=14),
        is_queued=True,
        answered_at=NOON,
    )


def _figures(
    case: Case, organisation: SimpleNamespace, asked: SimpleNamespace, team: Team, agent: Agent
) -> None:
    cell = {"day": date(2026, 11, 20), "team": team, "measure": "satisfaction", "value": 2, "count": 1}
    case.add(
        ResponseTally.objects.create(
            survey=asked.survey, kind=organisation.repair, channel=organisation.phone, **cell
        )
    )
    case.add(AgentTally.objects.create(agent=agent, **cell))
    dimension, _ = Dimension.objects.get_or_create(
        slug="touchpoint", defaults={"names": {"en": "Touchpoint", "zh-hans": "触点"}}
    )
    indicator, _ = Indicator.objects.get_or_create(
        slug="customer_satisfaction",
        defaults={
            "dimension": dimension,
            "names": {"en": "Customer satisfaction", "zh-hans": "客户满意度"},
            "unit": "rating",
            "direction": "higher",
            "baseline": 4,
            "target": "4.5",
            "source": "survey",
        },
    )
    case.add(
        IndicatorTally.objects.create(
            indicator=indicator, day=date(2026, 11, 20), team=team, value=2, count=1
        )
    )
    scheme, _ = EvaluationScheme.objects.get_or_create(
        slug="after_sales", defaults={"names": {"en": "After sales", "zh-hans": "售后服务"}}
    )
    month = {"period_kind": "month", "period_start": date(2026, 11, 1)}
    # Of the team first: that is the row which addresses are about.
    for about in ({"subject_kind": "team"}, {"subject_kind": "agent", "agent": agent}):
        about |= {"team": team, **month}
        case.add(
            Measurement.objects.create(
                indicator=indicator,
                value=2,
                n=1,
                source="survey",
                evidence={"note": case.canary},
                measured_at=NOON,
                **about,
            )
        )
        record = case.add(EvaluationRecord.objects.create(scheme=scheme, **about))
        line = {"indicator": indicator, "weight": 20, "value": 2, "n": 1, "score": 40}
        case.add(RecordLine.objects.create(record=record, **line))


def _lifted_refusal(customer: Customer, canary: str) -> ContactRefusal:
    refusal = ContactRefusal(
        purpose="nps",
        contact_index=blind_index(column="email", value="lifted@customer.example"),
        contact_mask=canary,
        customer=customer,
        refused_at=NOON,
        source=canary,
        reason=canary,
        lifted_at=NOON,
        lifted_source=canary,
        lifted_reason=canary,
    )
    refusal.contact_sealed = seal(
        value="lifted@customer.example", table="customers_contactrefusal", column="contact", row_id=refusal.pk
    )
    refusal.save(force_insert=True)
    return refusal
