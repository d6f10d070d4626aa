"""Codes that staff show to customers on site."""

from datetime import timedelta
from types import SimpleNamespace

from feedback_site.accounts.models import User
from feedback_site.common.clock import database_now
from feedback_site.customers.services import customer_entry, upsert_customers
from feedback_site.questionnaires.models import QuestionnaireVersion
from feedback_site.service_events.models import Agent, ServiceEvent
from surveys.services.on_site.showing import show_link
from tests.factories.surveys.links import Invited, invite


def ask_about_work(
    by: User, organisation: SimpleNamespace, version: QuestionnaireVersion, *, phone: str | None
) -> Invited:
    """Invite a customer, reachable at `phone`, whom `by` has served in east-1."""
    agent, _is_new = Agent.objects.get_or_create(
        source="crm", code=f"A-{by.pk}", defaults={"team": organisation.east_1, "user": by}
    )
    number = ServiceEvent.objects.count() + 1
    entry = customer_entry(source="crm", external_id=f"C-{number}", language="", phone=phone)
    customer = upsert_customers(entries=[entry])[entry.key]
    at = database_now()
    event = ServiceEvent.objects.create(
        source="crm",
        external_id=f"E-{number}",
        kind=organisation.repair,
        channel=organisation.phone,
        team=organisation.east_1,
        credited_team=organisation.east_1,
        agent=agent,
        customer=customer,
        opened_at=at,
        completed_at=at,
        status="completed",
        content_hash=b"",
    )
    return invite(organisation, version, customer=customer, service_event=event, agent=agent)


def show_to(invited: Invited, by: User, *, ago: timedelta = timedelta()) -> str:
    """Show a code for the invitation and return the path that it leads to."""
    address = show_link(invitation=invited.invitation, by=by, at=database_now() - ago)
    return f"/r/{address.rpartition('/r/')[2]}"


def show_code(
    by: User, organisation: SimpleNamespace, version: QuestionnaireVersion, *, phone: str | None = None
) -> str:
    """Do both."""
    return show_to(ask_about_work(by, organisation, version, phone=phone), by)
