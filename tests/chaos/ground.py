"""What every site starts from: a database with the sample organisation, made once and copied.

Customers, and links by the thousand.
"""

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import Team, User
from feedback_site.accounts.services import create_api_key
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
from feedback_site.embedded import running_servers
from feedback_site.embedded.layout import make_data_dir
from feedback_site.embedded.postgres_folder import postgres_folder, settle_postgres_folder
from feedback_site.operations.processes import prepare_site
from feedback_site.questionnaires.services.publishing import latest_version
from surveys.models import Invitation, Survey
from surveys.services.invitations.inviting import Schedule, prepare_invitation
from surveys.services.links.tokens import token_of

CUSTOMERS = 500
API_KEY = "api-key"
_BATCH = 2000


def prepare(folder: Path) -> None:
    """Migrate, load and stop again: `folder` is then a data folder at rest.

    Comes with `DATA_DIR` pointing at it.
    """
    with running_servers(folder, durable=True):
        prepare_site()
        _load()
        _key, clear = create_api_key(name="crm", grants=list(Grant))
    (folder / API_KEY).write_text(clear, encoding="utf-8")


def copy(template: Path, folder: Path) -> None:
    """Copy a data folder at rest with its owners: PostgreSQL's files belong to the account it runs as."""
    make_data_dir(folder)
    settle_postgres_folder(folder)
    copies = [
        (postgres_folder(template), postgres_folder(folder)),
        *((template / name, folder / name) for name in ("valkey", "static")),
    ]
    for source, target in copies:
        subprocess.run(["cp", "-aT", str(source), str(target)], check=True)  # noqa: S607 - every Linux has it
    for file in ("secrets.json", API_KEY):
        shutil.copy2(template / file, folder)


def _load() -> None:
    at = database_now()
    load_organisation()
    set_up_staff(password=new_password())
    publish_samples(by=User.objects.get(username="surveys"), at=at)
    entries = [
        customer_entry(
            source="chaos", external_id=f"K-{number}", name="王小明", phone=phone_of(number), language="en"
        )
        for number in range(CUSTOMERS)
    ]
    statements = [
        ConsentStatement(
            customer=customer, purpose=Purpose.SURVEY, is_granted=True, stated_at=at, source="chaos"
        )
        for customer in upsert_customers(entries=entries).values()
    ]
    record_consents(statements=statements, overrides_refusal=False)


def phone_of(number: int) -> str:
    return f"+861390{number:07}"


def make_links(count: int, *, is_due: bool) -> list[str]:
    """Write `count` invitations, by SMS and due now or tomorrow, and return the tokens of their links."""
    at = database_now()
    due_at = at if is_due else at + timedelta(days=1)
    team, survey = Team.objects.get(code="east-1"), Survey.objects.get(slug=SURVEY)
    version = latest_version(survey.questionnaire)
    assert version is not None
    customers = list(Customer.objects.filter(source="chaos"))
    schedule = Schedule(
        invited_at=at,
        belongs_on=at.astimezone(team.zone).date(),
        due_at=due_at,
        send_until=due_at + timedelta(days=1),
        expires_at=due_at + timedelta(days=14),
        deadline_at=due_at + timedelta(minutes=10),
        is_in_headline=True,
    )
    invitations = [
        prepare_invitation(
            purpose=Purpose.SURVEY,
            version_id=version.pk,
            team_id=team.pk,
            credited_team_id=team.pk,
            customer=customers[number % len(customers)],
            survey_id=survey.pk,
            contact=contact_indexes(customers[number % len(customers)])["phone"],
            schedule=schedule,
        )
        for number in range(count)
    ]
    Invitation.objects.bulk_create(invitations, batch_size=_BATCH)
    return [token_of(invitation) for invitation in invitations]
