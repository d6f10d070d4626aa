"""Correcting what was said of an event: who may see it, and the facts of an allow-list.

The team that did the work stays.
"""

from collections.abc import Mapping
from typing import Any

from feedback_site.customers.services import credit_team, lock_customer, uncredit_team
from feedback_site.service_events.enums import TransitionType
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from feedback_site.service_events.rules.events import CORRECTABLE_FACTS

# What systems call a fact where that is not its column.
SENT_AS = {"is_in_warranty": "warranty"}


def without_facts_known_better(
    transition: ServiceEventTransition, facts: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return the facts that no transition of a later time has stated.

    A correction that arrives late does not undo a newer one.
    """
    if not facts:
        return {}
    later = transition.event.transitions.filter(
        at__gt=transition.at, type__in=[TransitionType.COMPLETED, TransitionType.CORRECTED]
    ).values_list("details", flat=True)
    stated = {name for details in later for name in details}
    return {name: value for name, value in facts.items() if SENT_AS.get(name, name) not in stated}


def correct_event(event: ServiceEvent, facts: Mapping[str, Any]) -> None:
    """Write corrected facts to a locked event.

    Another team sees it from now on; the credited team stays the one that did the work.
    """
    before = event.team
    changed = {"updated_at", *(CORRECTABLE_FACTS & facts.keys())}
    for name in changed - {"updated_at"}:
        setattr(event, name, facts[name])
    event.save(update_fields=changed)
    if event.team != before:
        _move_customer(event, before)


def _move_customer(event: ServiceEvent, before: Any) -> None:
    """Let the new team see the customer, and the old one only if it has served them otherwise.

    Under the customer's lock, which recording takes as well: no
    event of the old team slips in between the look and the change.
    """
    customer = lock_customer(customer_id=event.customer_id)
    credit_team(customer=customer, team=event.team)
    if not ServiceEvent.objects.filter(customer=customer, team=before).exists():
        uncredit_team(customer=customer, team=before)
