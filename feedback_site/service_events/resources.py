"""Service events as files."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.common.resources import ExportResource, column, customer_columns, unread_customer
from feedback_site.service_events.models import ServiceEvent


class ServiceEventResource(ExportResource):
    """One row per service event, named as its system names it; what was sent (`body`) stays here."""

    export_kind = "service_events"
    list_filters = {
        "status__exact": "status",
        "kind__id__exact": "kind",
        "channel__id__exact": "channel",
        "team__id__exact": "team",
        "segment__id__exact": "segment",
    }
    related = ("kind", "channel", "team", "credited_team", "agent", "customer", "segment")
    unread = ("body", "content_hash", *unread_customer("customer__"))
    columns = {
        "source": column(_("source"), "source"),
        "external_id": column(_("ticket number"), "external_id"),
        "status": column(_("status"), "get_status_display"),
        "kind": column(_("kind"), "kind__slug"),
        "channel": column(_("service channel"), "channel__slug"),
        "team": column(_("team"), "team__code"),
        "credited_team": column(_("counts for team"), "credited_team__code"),
        "agent": column(_("agent"), "agent__code"),
        **customer_columns("customer__"),
        "segment": column(_("segment"), "segment__slug"),
        "opened_at": column(pgettext_lazy("service event", "registered on"), "opened_at"),
        "first_response_at": column(_("first response at"), "first_response_at"),
        "eta_told_at": column(_("arrival time told at"), "eta_told_at"),
        "arrived_at": column(_("arrived at"), "arrived_at"),
        "completed_at": column(_("completed at"), "completed_at"),
        "priority": column(_("priority"), "get_priority_display"),
        "is_complaint": column(_("complaint"), "is_complaint"),
        "is_resolved": column(_("resolved"), "is_resolved"),
        "level": column(_("level"), "level"),
        "complexity": column(_("complexity"), "get_complexity_display"),
        "handovers": column(_("hand-overs"), "handovers"),
        "area": column(_("area"), "get_area_display"),
        "product_line": column(_("product line"), "product_line"),
        "is_in_warranty": column(_("in warranty"), "is_in_warranty"),
        "attributes": column(_("attributes"), "attributes"),
        "is_replayed": column(_("historical data"), "is_replayed"),
        "recorded_at": column(_("recorded at"), "recorded_at"),
    }

    class Meta:
        model = ServiceEvent
        import_id_fields = ("source", "external_id")
