"""Invitations by the thousand, made by the service's own functions and written in bulk."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from feedback_site.accounts.models import Team, User
from feedback_site.common.clock import database_now
from feedback_site.customers.enums import Purpose
from feedback_site.customers.models import Customer
from feedback_site.customers.services import (
    ConsentStatement,
    contact_indexes,
    customer_entry,
    record_consents,
    upsert_customers,
)
from feedback_site.demo.organisation import SURVEY, load_organisation, publish_samples
from feedback_site.demo.staff import new_password, set_up_staff
from feedback_site.questionnaires.services.publishing import latest_version
from surveys.models import Invitation, Survey
from surveys.services.invitations.inviting import Schedule, prepare_invitation
from surveys.services.links.tokens import token_of

CUSTOMERS = 2000
_BATCH = 2000


@dataclass(frozen=True)
class Ground:
    """What every invitation refers to."""

    survey: Survey
    version_id: int
    team: Team
    customers: list[Customer]


def load_ground() -> Ground:
    """Load the sample organisation and customers with an email address each, all of whom consent."""
    at = database_now()
    load_organisation()
    set_up_staff(password=new_password())
    publish_samples(by=User.objects.get(username="surveys"), at=at)
    entries = [
        customer_entry(
            source="bench",
            external_id=f"B-{number}",
            name="王小明",
            email=f"bench-{number}@example.com",
            language="zh-hans",
        )
        for number in range(CUSTOMERS)
    ]
    customers = list(upsert_customers(entries=entries).values())
    statements = [
        ConsentStatement(
            customer=customer, purpose=Purpose.SURVEY, is_granted=True, stated_at=at, source="bench"
        )
        for customer in customers
    ]
    record_consents(statements=statements, overrides_refusal=False)
    survey = Survey.objects.get(slug=SURVEY)
    version = latest_version(survey.questionnaire)
    if version is None:
        message = "The sample questionnaire is not published."
        raise LookupError(message)
    return Ground(survey, version.pk, Team.objects.get(code="east-1"), customers)


def make_invitations(ground: Ground, count: int, *, due_at: datetime) -> list[str]:
    """Write `count` invitations that are to be sent at `due_at` and return the tokens of their links."""
    at = database_now()
    schedule = Schedule(
        invited_at=at,
        belongs_on=at.astimezone(ground.team.zone).date(),
        due_at=due_at,
        send_until=due_at + timedelta(days=1),
        expires_at=due_at + timedelta(days=14),
        deadline_at=due_at + timedelta(minutes=10),
        is_in_headline=True,
    )
    tokens: list[str] = []
    for start in range(0, count, _BATCH):
        numbers = range(start, min(start + _BATCH, count))
        batch = [
            _invitation(ground, ground.customers[number % len(ground.customers)], schedule)
            for number in numbers
        ]
        Invitation.objects.bulk_create(batch)
        tokens += [token_of(invitation) for invitation in batch]
    tidy_up()
    return tokens


def tidy_up() -> None:
    """Do now what PostgreSQL would put off after so much was written at once.

    Else it would do so while something is measured.
    """
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def _invitation(ground: Ground, customer: Customer, schedule: Schedule) -> Invitation:
    return prepare_invitation(
        purpose=Purpose.SURVEY,
        version_id=ground.version_id,
        team_id=ground.team.pk,
        credited_team_id=ground.team.pk,
        customer=customer,
        survey_id=ground.survey.pk,
        contact=contact_indexes(customer)["email"],
        schedule=schedule,
    )
