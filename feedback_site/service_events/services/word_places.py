"""Where words about events belong: whose they are, and what their fields are called."""

from django.urls import reverse
from django.utils.translation import gettext as _

from feedback_site.accounts.models import User
from feedback_site.customers.services.word_subjects import WordSubject, row_key
from feedback_site.service_events.models import ServiceEvent, ServiceEventTransition
from feedback_site.service_events.services.words import ATTRIBUTES, DETAILS, PRODUCT_LINE, PRODUCT_LINE_SENT


def find_event_words(by: User, subject_id: str) -> WordSubject | None:
    """Return an event that `by` may read."""
    row = ServiceEvent.objects.for_user(by).filter(pk=row_key(subject_id)).first()
    if row is None or not by.has_perm("service_events.view_serviceevent"):
        return None
    return WordSubject(
        row.team_id, str(row), reverse("admin:service_events_serviceevent_change", args=[row.pk]), _label
    )


def find_transition_words(by: User, subject_id: str) -> WordSubject | None:
    """Return a later change of an event that `by` may read."""
    row = (
        ServiceEventTransition.objects.for_user(by)
        .filter(pk=row_key(subject_id))
        .select_related("event")
        .first()
    )
    if row is None or not by.has_perm("service_events.view_serviceeventtransition"):
        return None
    address = reverse("admin:service_events_serviceeventtransition_change", args=[row.pk])
    return WordSubject(row.event.team_id, f"{row.event} · {row.get_type_display()}", address, _label)


def _label(field: str) -> str:
    names = {PRODUCT_LINE: _("product line"), PRODUCT_LINE_SENT: _("product line as it was sent")}
    return names.get(field) or field.removeprefix(f"{ATTRIBUTES}.").removeprefix(f"{DETAILS}.")
