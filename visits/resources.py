"""Return visits as files."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.common.resources import ExportResource, column, customer_columns, unread, unread_customer
from visits.models import ReturnVisit


class ReturnVisitResource(ExportResource):
    """One row per return visit: why, about which case, by whom, and what came of it.

    Callers' notes are not in it.
    """

    export_kind = "return_visits"
    list_filters = {"status__exact": "status", "team__id__exact": "team"}
    related = ("plan", "service_event", "customer", "team", "credited_team", "agent", "assignee")
    unread = (
        *unread("service_event__", "body", "attributes", "content_hash"),
        *unread_customer("customer__"),
    )
    columns = {
        "visit": column(_("return visit"), "id"),
        "plan": column(_("plan"), "plan__slug"),
        "trigger": column(_("trigger"), "get_trigger_display"),
        "event_source": column(_("event's system"), "service_event__source"),
        "event_external_id": column(_("ticket number"), "service_event__external_id"),
        **customer_columns("customer__"),
        "team": column(_("team"), "team__code"),
        "credited_team": column(_("counts for team"), "credited_team__code"),
        "agent": column(_("agent"), "agent__code"),
        "assignee": column(_("assigned to"), "assignee__username"),
        "mode": column(pgettext_lazy("visit", "contact method"), "get_mode_display"),
        "status": column(_("status"), "get_status_display"),
        "outcome": column(_("outcome"), "get_outcome_display"),
        "planned_at": column(_("planned at"), "planned_at"),
        "due_from": column(_("not before"), "due_from"),
        "due_at": column(pgettext_lazy("visit", "due date"), "due_at"),
        "attempts_made": column(_("attempts made"), "attempts_made"),
        "max_attempts": column(_("attempts allowed"), "max_attempts"),
        "next_attempt_at": column(_("next attempt"), "next_attempt_at"),
        "closed_at": column(pgettext_lazy("visit", "ended on"), "closed_at"),
    }

    class Meta:
        model = ReturnVisit
        import_id_fields = ("visit",)
