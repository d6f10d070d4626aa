"""Complaints and suggestions as files."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback_site.common.resources import ExportResource, column, customer_columns, unread, unread_customer
from feedback_site.voice.models import VoiceEntry


class VoiceEntryResource(ExportResource):
    """One row per entry with the ends of its clocks; what customers wrote is masked as it is stored."""

    export_kind = "voice_entries"
    team_path = "team"
    related = ("team", "customer", "service_event")
    unread = (
        *unread("", "submission_key"),
        *unread("service_event__", "body", "attributes", "content_hash"),
        *unread_customer("customer__"),
    )
    columns = {
        "reference": column(_("number"), "reference"),
        "kind": column(_("kind"), "get_kind_display"),
        "state": column(_("state"), "shown_state"),
        "text": column(_("text"), "text"),
        "ticket_number": column(_("ticket number"), "ticket_number"),
        "language": column(_("language"), "language"),
        "team": column(_("team"), "team__code"),
        **customer_columns("customer__"),
        "may_publish": column(_("may be published"), "may_publish"),
        "is_complex": column(_("complex"), "is_complex"),
        "received_at": column(_("received at"), "received_at"),
        "accept_by_at": column(_("accept by"), "accept_by_at"),
        "accepted_at": column(_("accepted at"), "accepted_at"),
        "close_by_at": column(_("close by"), "close_until"),
        "closed_at": column(pgettext_lazy("customer message", "closed on"), "closed_at"),
    }

    class Meta:
        model = VoiceEntry
        import_id_fields = ("reference",)
