from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from feedback_site.customers.models import Consent, Customer
from feedback_site.customers.services import customer_entry, upsert_customers
from feedback_site.service_events.models import ServiceEvent
from nps.models import Campaign, Programme
from nps.services.drawing import draw_sample, request_draw
from nps.services.fielding import launch_campaign
from nps.services.preparing import prepare_campaign, prepare_campaigns
from nps.services.running import run_campaigns
from surveys.models import Invitation, Response
from surveys.services.responses.answering import Submission, submit_responses
from tests.factories.customers.case import upsert_customer
from tests.factories.questionnaires.documents import publish


@dataclass
class Field:
    """An organisation with an NPS programme, and the ways to fill its frame and to answer."""

    organisation: SimpleNamespace
    programme: Programme
    noon: Any
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def serve(
        self, *, phone: str | None = None, email: str = "", consent: bool | None = True, **changes: Any
    ) -> Customer:
        """Record that a person was served ten days ago; phone "" for none, consent None for no statement."""
        number = next(self.numbers)
        customer = changes.pop("customer", None) or upsert_customer(
            source="crm",
            external_id=f"C-{number}",
            phone=f"138{number:08d}" if phone is None else phone,
            email=email,
        )
        self._event(number, customer, **changes).save(force_insert=True)
        if consent is not None:
            self.consent(customer, is_granted=consent)
        return customer

    def serve_many(self, many: int, *, consent: bool | None = True, **changes: Any) -> list[Customer]:
        """Serve so many as `serve` does, in a few statements."""
        numbers = [next(self.numbers) for _ in range(many)]
        entries = [
            customer_entry(source="crm", external_id=f"C-{number}", phone=f"138{number:08d}")
            for number in numbers
        ]
        made = upsert_customers(entries=entries)
        customers = [made[entry.key] for entry in entries]
        ServiceEvent.objects.bulk_create(
            self._event(number, customer, **changes)
            for number, customer in zip(numbers, customers, strict=True)
        )
        if consent is not None:
            Consent.objects.bulk_create(self._consent(customer, is_granted=consent) for customer in customers)
        return customers

    def _event(self, number: int, customer: Customer, **changes: Any) -> ServiceEvent:
        facts = {
            "source": "crm",
            "external_id": f"T-{number}",
            "kind": self.organisation.repair,
            "channel": self.organisation.phone,
            "segment": self.organisation.new,
            "team": self.organisation.east_1,
            "customer": customer,
            "status": "completed",
            "opened_at": self.noon - timedelta(days=400),
            "completed_at": self.noon - timedelta(days=10),
            "content_hash": b"x" * 32,
            **changes,
        }
        return ServiceEvent(**{"credited_team": facts["team"], **facts})

    def _consent(self, customer: Customer, *, is_granted: bool, stated_at: Any = None) -> Consent:
        return Consent(
            customer=customer,
            purpose="nps",
            is_granted=is_granted,
            stated_at=stated_at or self.noon - timedelta(days=20),
            source="crm",
        )

    def consent(self, customer: Customer, *, is_granted: bool, stated_at: Any = None) -> None:
        self._consent(customer, is_granted=is_granted, stated_at=stated_at).save(force_insert=True)

    def prepared(self) -> Campaign:
        prepare_campaigns(at=self.noon)
        return Campaign.objects.order_by("-quarter_start").get(programme=self.programme, status="prepared")

    def drawn(self) -> Campaign:
        campaign = request_draw(campaign=self.prepared(), at=self.noon)
        drawn = draw_sample(campaign_id=campaign.pk, at=self.noon)
        assert drawn is not None
        return drawn

    def launched(self, by: Any) -> Campaign:
        return launch_campaign(campaign=self.drawn(), by=by, at=self.noon)

    def earlier(self, quarter_start: Any) -> Campaign:
        """Return a prepared campaign of another quarter."""
        return prepare_campaign(programme=self.programme, quarter_start=quarter_start, at=self.noon)

    def run(self, *, at: Any = None, limit: int = 500) -> int:
        """Run until nothing is left to do."""
        total = 0
        while done := run_campaigns(at=at or self.noon, limit=limit):
            total += done
        return total

    def answer(self, invitation: Invitation, score: int, *, at: Any = None) -> Response:
        answers = {"overall": 3, "recommend": score}
        submit_responses(
            [Submission(invitation.pk, answers, 3, score, "en")], at=at or self.noon + timedelta(hours=1)
        )
        return Response.objects.get(pk=invitation.pk)

    def answer_all(self, campaign: Campaign, *scores: int) -> None:
        invitations = Invitation.objects.filter(
            campaign_member__campaign=campaign, answered_at__isnull=True
        ).order_by("pk")
        for invitation, score in zip(invitations, scores, strict=False):
            self.answer(invitation, score)


@pytest.fixture
def field_work(organisation, noon) -> Field:
    """A programme of the whole company, with a published questionnaire that asks for a recommendation."""
    version = publish()
    programme = Programme.objects.create(
        slug="company",
        names={"en": "Company", "zh-hans": "公司"},
        questionnaire=version.questionnaire,
        target_completes=10,
        minimum_per_stratum=2,
    )
    return Field(organisation, programme, noon)
