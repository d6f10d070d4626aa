"""The search above the menu: pages by name, and service events by the whole ticket number."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from feedback_site.service_events.models import ServiceEvent

_EVENT = "service_events.view_serviceevent"
_MOST = 5


def search(request: HttpRequest) -> HttpResponse:
    """Return the pages whose name holds the term, and the service events that have it for their number.

    The events are within the reader's scope.

    Customers are not looked for here: a search for a person is made on its own page, by POST and on record.
    """
    site: Any = admin.site  # Unfold's, which has a search
    reply: HttpResponse = site.search(request)
    number = request.GET.get("s", "").strip()
    if (
        number
        and isinstance(reply, TemplateResponse)
        and reply.context_data is not None
        and request.user.has_perm(_EVENT)
    ):
        reply.context_data["results"] = [*_tickets(request.user, number), *reply.context_data["results"]]
    return reply


def _tickets(user: Any, number: str) -> list[dict[str, str]]:
    events = (
        ServiceEvent.objects.for_user(user).filter(external_id=number).select_related("kind").order_by("-pk")
    )
    address = "admin:service_events_serviceevent_change"
    return [
        {
            "title": event.external_id,
            "description": str(event.kind),
            "link": reverse(address, args=[event.pk]),
        }
        for event in events[:_MOST]
    ]
