"""Complaints of east-1 that a return visit follows, and the ways to carry it through."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from feedback_site.accounts.models import Team, User
from feedback_site.customers.services import customer_entry
from feedback_site.questionnaires.models import QuestionnaireVersion
from feedback_site.service_events.models import Agent, CalendarDay, ServiceEvent
from feedback_site.service_events.services import EventSubmission, record_service_event, record_transition
from feedback_site.service_events.services.working_time import load_published_days
from surveys.enums import FollowUpReason
from surveys.models import Invitation, Response
from surveys.services.follow_ups.following_up import NewFollowUp, request_follow_ups
from tests.factories.questionnaires.documents import publish
from tests.factories.surveys.inviting import invite_customer
from tests.factories.surveys.links import GOOD_ANSWERS
from visits.enums import VisitAttemptOutcome
from visits.models import ReturnVisit, VisitAttempt, VisitPlan
from visits.services.assigning import assign_visits
from visits.services.concluding import record_attempt
from visits.services.planning import plan_visits

SCRIPT = {key: [value] for key, value in GOOD_ANSWERS.items()}


@dataclass
class Repairs:
    """Cases, answers and visits.

    Everything happens at `noon`, a Friday in Shanghai, unless told otherwise.
    """

    organisation: SimpleNamespace
    staff: SimpleNamespace
    version: QuestionnaireVersion
    noon: datetime
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def complaint(
        self,
        *,
        consent: bool | None = True,
        phone: str | None = None,
        is_replayed: bool = False,
        **changes: Any,
    ) -> ServiceEvent:
        """A completed complaint of east-1; `phone` "" for none, `consent` None for no statement."""
        number = next(self.numbers)
        person = changes.pop("person", f"C-{number}")
        facts = {
            "source": "crm",
            "external_id": f"T-{number}",
            "kind": self.organisation.complaint,
            "channel": self.organisation.phone,
            "team": self.organisation.east_1,
            "agent": "A17",
            "is_complaint": True,
            "customer": customer_entry(
                source="crm",
                external_id=person,
                name="王小明",
                phone=f"138{number:08d}" if phone is None else phone or None,
            ),
            "opened_at": self.noon - timedelta(days=3),
            "completed_at": self.noon,
            "consent": {} if consent is None else {"visit": consent},
        }
        at = changes.pop("at", self.noon)
        return record_service_event(
            submission=EventSubmission(**(facts | changes)), at=at, is_replayed=is_replayed
        ).event

    def complete(self, event: ServiceEvent, *, at: datetime) -> None:
        record_transition(event=event, type="completed", happened_at=at, at=at)

    def reopen(self, event: ServiceEvent, *, at: datetime) -> None:
        record_transition(event=event, type="reopened", happened_at=at, at=at)

    def answer(
        self, event: ServiceEvent | None, *, score: int, at: datetime | None = None, **changes: Any
    ) -> Response:
        """The customer's own answer, which asks for a visit: a low score of an event, else a detractor's."""
        at = at or self.noon
        invitation = invite_customer(
            purpose="survey" if event else "nps",
            version=self.version,
            team_id=self.organisation.east_1.pk,
            credited_team_id=self.organisation.east_1.pk,
            customer=event.customer if event else changes.pop("customer"),
            service_event=event,
            at=at,
        )
        Invitation.objects.filter(pk=invitation.pk).update(answered_at=at, **changes)
        value = {"satisfaction": score} if event else {"nps": score}
        response = Response.objects.create(
            invitation=invitation,
            answers={"comment": "还是漏水"},
            answers_hash=b"0" * 32,
            language="zh-hans",
            submitted_at=at,
            **value,
        )
        reason = FollowUpReason.LOW_SCORE if event else FollowUpReason.DETRACTOR
        request_follow_ups(requests=[NewFollowUp(response.pk, reason, score)], at=at)
        return response

    def plan(self, trigger: str, **changes: Any) -> VisitPlan:
        slug = trigger.replace("_", "-")
        facts = {
            "slug": slug,
            "names": {"en": slug, "zh-hans": slug},
            "trigger": trigger,
            "questionnaire": self.version.questionnaire,
        }
        return VisitPlan.objects.create(**(facts | changes))

    def visit(self, event: ServiceEvent | None = None, *, at: datetime | None = None) -> ReturnVisit:
        """A planned visit to a new complaint, or to `event`, assigned to a person."""
        event = event or self.complaint()
        plan_visits(at=at or self.noon)
        assign_visits(at=at or self.noon)
        return ReturnVisit.objects.open().get(service_event=event)

    def attempt(
        self,
        visit: ReturnVisit,
        outcome: str,
        *,
        at: datetime | None = None,
        by: User | None = None,
        **facts: Any,
    ) -> VisitAttempt:
        """What the assignee records as soon as the next attempt may be made."""
        visit = ReturnVisit.objects.get(pk=visit.pk)
        if outcome in {"verified_resolved", "not_resolved"}:
            facts.setdefault("script", SCRIPT)
        caller = by or visit.assignee
        assert caller is not None
        return record_attempt(
            visit=visit,
            by=caller,
            outcome=VisitAttemptOutcome(outcome),
            at=at or visit.next_attempt_at,
            **facts,
        )

    def employ(self, user: User, *, code: str = "A17") -> Agent:
        """State that the agent of the service system is this member of staff."""
        Agent.objects.filter(source="crm", code=code).update(user=user)
        return Agent.objects.get(source="crm", code=code)

    def member(self, username: str, role: str, team: Team | None = None) -> User:
        return User.objects.create(username=username, role=role, team=team, language="en", is_staff=True)


@pytest.fixture
def repairs(organisation, staff, noon) -> Repairs:
    """The working calendar, and plans for complaints and for low scores.

    Due four to twenty-two working hours later.
    """
    if not CalendarDay.objects.exists():  # a test that commits flushes them
        load_published_days()
    repairs = Repairs(organisation, staff, publish(), noon)
    repairs.plan("complaint_closed")
    repairs.plan("low_score")
    return repairs
