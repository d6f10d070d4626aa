"""The life of an invitation as anybody would tell it: no database, no clock, nothing of the product."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

STEP = timedelta(minutes=1)
AGE_LIMIT = timedelta(days=30)
# Longer than any pause before another attempt, and than any lease.
NEXT_ATTEMPT = timedelta(hours=3)
# A low score asks for a return visit if it is counted this soon.
FOLLOWED_UP_WITHIN = timedelta(days=14)
SATISFACTION = {"A": 5, "B": 1}
REPLIES = {202: "sent", 400: "failed", 503: "queued", None: "uncertain"}


@dataclass
class Link:
    """One invitation.

    `about` is the number of the completion that it asks about; `row`, `token` and `revoked` belong to the
    product.
    """

    about: int
    due_at: datetime
    send_until: datetime
    team: str
    message: str | None = None
    answer: str | None = None
    is_voided: bool = False
    is_expired: bool = False
    is_counted: bool = False
    is_followed_up: bool = False
    row: Any = None
    token: str = ""
    revoked: list[str] = field(default_factory=list)

    @property
    def has_left(self) -> bool:
        return self.message in {"sent", "uncertain", "begun", "claimed"}

    @property
    def is_open(self) -> bool:
        return not (self.answer or self.is_voided or self.is_expired)

    @property
    def status_of_page(self) -> int:
        return 200 if self.is_open or self.answer else 410

    def status_of_answer(self, answer: str | None) -> int:
        """Return what a form is answered with; None is an empty one."""
        if self.answer:
            return 200 if answer == self.answer else 409
        if not self.is_open:
            return 410
        return 200 if answer else 422


@dataclass
class Life:
    """One event of one customer, what was decided about it, and every link that came of it."""

    at: datetime
    delay: timedelta
    status: str = "completed"
    team: str = "east-1"
    completion: int = 1
    has_consent: bool = True
    is_suppressed: bool = False
    has_waited: bool = False
    decision: Link | str | None = None
    links: list[Link] = field(default_factory=list)
    # What no sweep has looked at yet: completions that a fact has ended, and how many corrections.
    ended: list[int] = field(default_factory=list)
    corrections: int = 0

    def __post_init__(self) -> None:
        self.began_at = self.completed_at = self.at

    @property
    def link(self) -> Link | None:
        return self.decision if isinstance(self.decision, Link) else None

    def move(self, by: timedelta = STEP) -> datetime:
        self.at += by
        return self.at

    def decide(self) -> Link | None:
        """Return the invitation that is made now, if any."""
        link = self.link
        is_new = self.decision is None
        is_anew = link is not None and link.is_voided and not link.has_left and link.about < self.completion
        if self.status != "completed" or not (is_new or is_anew):
            return None
        reason = self._reason_not_to_ask()
        if reason:
            self.decision = reason
            return None
        due_at = self.completed_at + self.delay
        made = Link(
            self.completion,
            due_at,
            due_at + AGE_LIMIT,
            self.team,
            message="queued" if due_at <= self.at else None,
        )
        self.decision = made
        self.links.append(made)
        return made

    def _reason_not_to_ask(self) -> str:
        if self.at - self.completed_at > AGE_LIMIT:
            return "too_old"
        if not self.has_consent:
            return "no_consent"
        return "suppressed" if self.is_suppressed else ""

    def hand_over_due(self) -> None:
        for link in self.links:
            if link.message is None and not link.is_voided and link.due_at <= self.at:
                link.message = "queued"

    def worker_dies(self, *, has_begun: bool) -> None:
        for link in self.links:
            if link.message == "queued":
                link.message = "begun" if has_begun else "claimed"

    def deliver(self, reply: int | None) -> None:
        for link in self.links:
            if link.message == "begun":
                link.message = "uncertain"  # an SMS may have left: never twice
            elif link.message in {"queued", "claimed"}:
                link.message = self._delivered(link, reply)

    def _delivered(self, link: Link, reply: int | None) -> str:
        if link.send_until < self.at:
            return "missed"
        if not link.is_open:
            return "voided"
        if self.status != "completed" or link.about != self.completion or not self.has_consent:
            link.is_voided = True
            return "voided"
        return "suppressed" if self.is_suppressed else REPLIES[reply]

    def apply_facts(self) -> None:
        """What ended the completion that was asked about voids what has not left.

        What is just leaving is looked at again.
        """
        waiting = []
        for ended in self.ended:
            link = self.link
            if (
                link is None
                or ended < link.about
                or link.answer
                or link.is_voided
                or link.message in {"sent", "uncertain"}
            ):
                continue
            if link.message == "begun":
                waiting.append(ended)
                continue
            link.is_voided = True
            link.message = "voided" if link.message in {"queued", "claimed"} else link.message
        self.ended = waiting
        if self.corrections:
            self.corrections = 0
            for link in self.links:
                link.team = self.team

    def end(self, status: str) -> None:
        self.status = status
        self.ended.append(self.completion)

    def complete_again(self) -> None:
        self.status, self.completion, self.completed_at = "completed", self.completion + 1, self.at

    def count(self) -> None:
        for link in self.links:
            if link.answer and not link.is_counted:
                link.is_counted = True
                link.is_followed_up = (
                    SATISFACTION[link.answer] == 1 and self.at - self.began_at <= FOLLOWED_UP_WITHIN
                )

    @property
    def state(self) -> str:
        """Where the event stands in the ledger."""
        if self.decision is None:
            return "undecided" if self.status == "completed" else "not_completed"
        if isinstance(self.decision, str):
            return "withheld"
        if self.decision.answer:
            return "answered"
        if self.decision.is_voided or self.decision.message == "voided":
            return "voided"
        return {None: "queued", "claimed": "queued", "begun": "queued"}.get(
            self.decision.message, self.decision.message or ""
        )
