"""Makes plausible cases: what happened to whom, how fast and with what end. Without Django."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedback_site.demo.dice import pick
from feedback_site.demo.fees import CURRENCY, make_fee
from feedback_site.demo.people import SOURCE, DemoCustomer, demo_customers
from feedback_site.demo.profiles import CHANNELS_OF_KIND, KINDS, PRODUCTS, WORK_HOURS_OF_KIND, TeamProfile

_KINDS = tuple((slug, often) for slug, _en, _zh, often in KINDS)
_URGENT_SHARE = 0.12
_WARRANTY_SHARE = 0.7


@dataclass(frozen=True, slots=True)
class DemoCase:
    """One case with its times; `as_json` is what a service system would post."""

    external_id: str
    team: TeamProfile
    agent: str
    kind: str
    channel: str
    customer: DemoCustomer
    opened_at: datetime
    first_response_at: datetime
    completed_at: datetime | None
    is_resolved: bool | None
    priority: str
    product_line: str
    is_in_warranty: bool | None

    @property
    def is_complaint(self) -> bool:
        """Complaints are cases of a kind of their own."""
        return self.kind == "complaint_handling"

    @property
    def attributes(self) -> dict[str, str]:
        """What the ticket says besides: the amount."""
        fee = make_fee(number=self.external_id, is_in_warranty=self.is_in_warranty)
        return {"amount": f"{fee}.00", "currency": CURRENCY}

    @property
    def as_json(self) -> dict[str, object]:
        """The body of `POST /api/v1/service-events/`."""
        body: dict[str, object] = {
            "source": SOURCE,
            "external_id": self.external_id,
            "kind": self.kind,
            "channel": self.channel,
            "team": self.team.code,
            "agent": self.agent,
            "customer": self.customer.as_json,
            "opened_at": self.opened_at.isoformat(),
            "first_response_at": self.first_response_at.isoformat(),
            "priority": self.priority,
            "is_complaint": self.is_complaint,
            "consent": self.customer.consent,
            "attributes": self.attributes,
        }
        if self.product_line:
            body |= {"product_line": self.product_line, "warranty": self.is_in_warranty}
        if self.completed_at is not None:
            body |= {"completed_at": self.completed_at.isoformat(), "is_resolved": self.is_resolved}
        return body


def make_case(
    *, number: str, team: TeamProfile, ended_at: datetime, is_open: bool = False, dice: random.Random
) -> DemoCase:
    """Return a case of `team` whose service ended at `ended_at`; an open one was last worked on then."""
    kind = pick(_KINDS, dice)
    responded_after = timedelta(hours=team.response_hours * dice.uniform(0.2, 1.8))
    worked = timedelta(hours=dice.uniform(*WORK_HOURS_OF_KIND[kind]))
    opened_at = ended_at - worked - responded_after
    return DemoCase(
        external_id=number,
        team=team,
        agent=dice.choice(team.agents).code,
        kind=kind,
        channel=pick(CHANNELS_OF_KIND[kind], dice),
        customer=dice.choice(demo_customers()),
        opened_at=opened_at,
        first_response_at=opened_at + responded_after,
        completed_at=None if is_open else ended_at,
        is_resolved=None if is_open else dice.random() < team.resolved_share,
        priority="urgent" if dice.random() < _URGENT_SHARE else "routine",
        product_line=dice.choice(PRODUCTS) if kind == "after_sales_repair" else "",
        is_in_warranty=dice.random() < _WARRANTY_SHARE if kind == "after_sales_repair" else None,
    )
