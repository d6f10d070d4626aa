"""The steps of an invitation's life, each done to the product and to the model of `life_model`.

With what must be alike after each.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Sum
from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from feedback_site.common.clock import database_now
from feedback_site.conservation.ledger import read_ledger
from feedback_site.conservation.running import run_checks
from feedback_site.customers.enums import Purpose
from feedback_site.customers.services import record_consent
from feedback_site.delivery.enums import DeliveryChannel, SuppressionReason
from feedback_site.delivery.models import Message
from feedback_site.delivery.services import deliver_messages, suppress_address
from feedback_site.delivery.services.claiming import claim_messages, lease_of, mark_begun
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.services import record_transition
from surveys.models import EventDecision, FollowUpRequest, Invitation, Response, ResponseTally
from surveys.services.decisions.applying import apply_transitions
from surveys.services.decisions.deciding import decide_events
from surveys.services.invitations.inviting import queue_invitations
from surveys.services.links.tokens import hash_token, token_of
from surveys.services.tallies.tallying import consume_tallies
from tests.factories.surveys.links import send
from tests.fuzz.life_model import AGE_LIMIT, NEXT_ATTEMPT, REPLIES, SATISFACTION, STEP, Life, Link
from tests.fuzz.sms_gateway import Gateway

ANSWERS = {"A": {"overall": "5", "praise": "speed"}, "B": {"overall": "1"}, None: {}}
STORED = {"A": {"overall": 5, "praise": "speed"}, "B": {"overall": 1}}
DELAY = timedelta(minutes=30)
PHONE = "13800000001"
CREDITED = "east-1"
MAY_BECOME = {
    "completed": {"reopened", "cancelled", "superseded"},
    "reopened": {"cancelled", "superseded"},
    "cancelled": {"reopened", "superseded"},
    "superseded": set(),
}


class InvitationLife(RuleBasedStateMachine):
    """Does each step to the product and to the model; `world` makes events."""

    world: ClassVar[Any]
    gateway: ClassVar[Gateway]
    seen: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.client = Client()
        self.replacement: ServiceEvent | None = None

    def teardown(self) -> None:
        try:
            assert [(result.check.slug, result.faults) for result in run_checks() if not result.is_ok] == []
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def a_link(self, data: st.DataObject | None) -> Link:
        """Draw any of the links; without a draw the newest."""
        return data.draw(st.sampled_from(self.life.links)) if data else self.life.links[-1]

    def check(self) -> None:
        """Compare all that there is with the model, as hypothesis does after each step."""
        self.pages_are_as_the_model_says()
        self.answers_are_as_the_model_says()
        self.messages_are_as_the_model_says()
        self.the_ledger_is_as_the_model_says()

    @initialize(delay=st.sampled_from([timedelta(0), DELAY]), usual_steps=st.sampled_from([3, 1, 2, 0]))
    def complete(self, delay: timedelta, usual_steps: int) -> None:
        """An event is completed; its survey may ask with a delay. As much as is drawn goes its usual way."""
        survey = self.world.survey
        survey.delay_minutes, survey.cap_days, survey.link_valid_days = delay // STEP, 0, 10 * AGE_LIMIT.days
        survey.age_limit_hours = AGE_LIMIT // timedelta(hours=1)
        survey.save()
        self.life = Life(database_now(), delay)
        facts = {"opened_at": self.life.at - timedelta(days=1), "completed_at": self.life.at}
        self.event: ServiceEvent = self.world.record(at=self.life.at, phone=PHONE, **facts)
        for step in [self.decide, partial(self.hand_to_delivery, DELAY), partial(self.deliver, 202)][
            :usual_steps
        ]:
            step()

    @rule()
    def decide(self) -> None:
        """Decide on events.

        One whose invitation was voided before it left is decided again after the next completion.
        """
        decide_events(at=self.life.move(), everything=self.life.has_waited)

        link = self.life.decide()
        if link:
            link.row = EventDecision.objects.select_related("invitation").get(pk=self.event.pk).invitation
            link.token = token_of(link.row)

    @rule(pause=st.sampled_from([STEP, DELAY]))
    def hand_to_delivery(self, pause: timedelta) -> None:
        """What is due goes to the outbox."""
        queue_invitations(at=self.life.move(pause))

        self.life.hand_over_due()

    @rule(reply=st.sampled_from(list(REPLIES)))
    def deliver(self, reply: int | None) -> None:
        """The outbox is delivered; the gateway takes the message, refuses it, is busy, or hangs up."""
        self.gateway.status = reply
        at = self.life.move(NEXT_ATTEMPT)
        deliver_messages(clock=lambda: at)

        self.life.deliver(reply)

    @rule(has_begun=st.booleans())
    def a_worker_dies(self, has_begun: bool) -> None:  # noqa: FBT001 - hypothesis passes it by name
        """A worker takes messages and is never heard of again, before or after the handing over began."""
        at = self.life.move(NEXT_ATTEMPT)
        claimed = claim_messages(limit=10, at=at)
        if claimed and has_begun:
            mark_begun(message_ids=[message.pk for message in claimed], lease_id=lease_of(claimed[0]), at=at)

        self.life.worker_dies(has_begun=has_begun)

    @rule(pause=st.sampled_from([timedelta(days=1), AGE_LIMIT + timedelta(days=1)]))
    def wait(self, pause: timedelta) -> None:
        """Nothing happens for long; from now on sweeps are nightly ones, which look at everything."""
        self.life.move(pause)
        self.life.has_waited = True

    @precondition(lambda self: self.life.links)
    @rule(
        data=st.data(),
        answer=st.sampled_from(["A", "A", "B", "B", None]),
        language=st.sampled_from(["", "?lang=en", "?lang=zh-hans"]),
    )
    def answer(self, data: st.DataObject | None, answer: str | None, language: str) -> None:
        """The customer sends the form of any link they ever had, maybe empty.

        The first answer counts, once.
        """
        link = self.a_link(data)

        response = send(self.client, f"/r/{link.token}/{language}", ANSWERS[answer])

        assert response.status_code == link.status_of_answer(answer)
        if response.status_code == 200:
            link.answer = answer

    @rule()
    def count(self) -> None:
        """Answers are counted."""
        consume_tallies(at=self.life.move())

        self.life.count()

    @precondition(lambda self: self.life.decision is not None)
    @rule(status=st.sampled_from(["reopened", "reopened", "reopened", "cancelled", "superseded"]))
    def end(self, status: str) -> None:
        """The customer calls again, or there was no service after all, or another event replaces this one."""
        if status not in MAY_BECOME[self.life.status]:
            return
        replaced_by = {}
        if status == "superseded":
            self.replacement = replaced_by["superseded_by"] = self.world.record(
                at=self.life.at, completed_at=None
            )
        self.record_fact(TransitionType(status), **replaced_by)

        self.life.end(status)

    @precondition(lambda self: self.life.status == "reopened")
    @rule()
    def complete_again(self) -> None:
        """The service ends once more."""
        self.record_fact(TransitionType.COMPLETED)

        self.life.complete_again()

    @rule(team=st.sampled_from(["east-1", "west-1"]))
    def correct(self, team: str) -> None:
        """It is another team's case; the credit stays."""
        facts = {"team": getattr(self.world.organisation, team.replace("-", "_"))}
        self.record_fact(TransitionType.CORRECTED, facts=facts, details={"team": team})

        self.life.team, self.life.corrections = team, self.life.corrections + 1

    @rule()
    def apply_facts(self) -> None:
        """Later facts have their effects."""
        apply_transitions(at=self.life.move(), everything=self.life.has_waited)

        self.life.apply_facts()

    @precondition(lambda self: self.life.links)
    @rule(data=st.data())
    def unsubscribe(self, data: st.DataObject | None = None) -> None:
        """The customer wants no more of it: on the page, which works as long as the link is known."""
        link = self.a_link(data)

        assert self.client.get(f"/r/{link.token}/unsubscribe/").status_code == 200
        assert self.client.post(f"/r/{link.token}/unsubscribe/").status_code == 200
        self.life.has_consent = False

    @rule(is_granted=st.sampled_from([True, True, False]), own_word=st.booleans())
    def state_consent(self, is_granted: bool, own_word: bool) -> None:  # noqa: FBT001 - hypothesis passes them by name
        """It is said elsewhere, by the customer or by a system; only the customer takes a refusal back."""
        consent = {
            "customer": self.event.customer,
            "purpose": Purpose.SURVEY,
            "stated_at": datetime.now(UTC),
            "source": "phone",
        }
        record_consent(**consent, is_granted=is_granted, overrides_refusal=own_word)

        self.life.has_consent = is_granted and (own_word or self.life.has_consent)

    @precondition(lambda self: self.life.links)
    @rule()
    def bounce(self) -> None:
        """It turns out that the number does not exist any more."""
        reason = SuppressionReason.BOUNCED
        suppress_address(
            channel=DeliveryChannel.SMS, address=f"+86{PHONE}", reason=reason, at=self.life.move()
        )

        self.life.is_suppressed = True

    @precondition(lambda self: self.life.links)
    @rule(data=st.data())
    def let_it_expire(self, data: st.DataObject | None = None) -> None:
        """The link's time passes. Pages go by the database's clock, so its end is brought forward instead."""
        link = self.a_link(data)
        long_ago = database_now() - timedelta(days=20)
        Invitation.objects.filter(pk=link.row.pk).update(
            invited_at=long_ago, expires_at=long_ago + timedelta(days=14)
        )
        link.is_expired = True

    @precondition(lambda self: self.life.links)
    @rule(data=st.data())
    def revoke(self, data: st.DataObject | None = None) -> None:
        """The link is replaced: the old one leads nowhere."""
        link = self.a_link(data)
        link.revoked.append(link.token)
        link.row.token_generation += 1
        link.token = token_of(link.row)
        link.row.token_hash = hash_token(link.token)
        link.row.save(update_fields=["token_generation", "token_hash"])

    def record_fact(self, kind: TransitionType, **more: Any) -> None:
        """Record a fact, and once more: systems repeat themselves."""
        at = self.life.move()
        said = [
            record_transition(event=self.event, type=kind, happened_at=at, at=at, **more) for _ in range(2)
        ]
        assert [is_new for _row, is_new in said] == [True, False]

    @invariant()
    def pages_are_as_the_model_says(self) -> None:
        for link in self.links:
            assert self.client.get(f"/r/{link.token}/").status_code == link.status_of_page
            for token in link.revoked:
                assert self.client.get(f"/r/{token}/").status_code == 404
                assert send(self.client, f"/r/{token}/", ANSWERS["A"]).status_code == 404

    @property
    def links(self) -> list[Link]:
        return self.life.links if hasattr(self, "life") else []

    @invariant()
    def answers_are_as_the_model_says(self) -> None:
        answered = {link.row.pk: link.answer for link in self.links if link.answer}
        assert dict(Response.objects.values_list("pk", "answers")) == {
            pk: STORED[answer] for pk, answer in answered.items()
        }
        assert (
            set(Invitation.objects.filter(answered_at__isnull=False).values_list("pk", flat=True))
            == answered.keys()
        )
        counted = [link for link in self.links if link.is_counted]
        scores = Counter(("satisfaction", SATISFACTION[link.answer]) for link in counted)
        counts = ResponseTally.objects.values_list("measure", "value").annotate(total=Sum("count")).order_by()
        assert {(measure, value): total for measure, value, total in counts} == scores | Counter(
            {("response", 0): len(counted)}
        )
        followed_up = {link.row.pk for link in self.links if link.is_followed_up}
        assert set(FollowUpRequest.objects.values_list("response_id", flat=True)) == followed_up

    @invariant()
    def messages_are_as_the_model_says(self) -> None:
        sending = dict.fromkeys(["claimed", "begun"], "sending")
        messages = {
            (link.row.pk, sending.get(link.message, link.message), link.team)
            for link in self.links
            if link.message
        }
        assert set(Message.objects.values_list("subject_id", "status", "team__code")) == messages
        assert not [message for message, times in self.gateway.taken.items() if times > 1]
        invitations = Invitation.objects.values_list("pk", "voided_at", "team__code", "credited_team__code")
        found = {(pk, voided_at is not None, team, credited) for pk, voided_at, team, credited in invitations}
        assert found == {(link.row.pk, link.is_voided, link.team, CREDITED) for link in self.links}

    @invariant()
    def the_ledger_is_as_the_model_says(self) -> None:
        if not hasattr(self, "life"):
            return
        ledger = read_ledger()
        others = Counter({"not_completed": 1} if self.replacement else {})
        assert {state: count for state, count in ledger.states.items() if count} == others + Counter(
            [self.life.state]
        )
        assert ledger.reasons == ({self.life.decision: 1} if isinstance(self.life.decision, str) else {})
        self.seen.update([self.life.state, self.life.status, *ledger.reasons])
