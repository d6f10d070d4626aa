"""The frames of NPS campaigns as files."""

from django.utils.translation import gettext_lazy as _

from feedback_site.common.resources import ExportResource, column, customer_columns, unread, unread_customer
from nps.models import CampaignMember


class CampaignMemberResource(ExportResource):
    """One row per customer of a frame, asked or not.

    It has stratum, random number, why not, when invited and what they answered.
    """

    export_kind = "nps_members"
    list_filters = {
        "campaign__id__exact": "campaign",
        "team__id__exact": "team",
        "stratum__segment__id__exact": "segment",
        "stratum__channel__id__exact": "channel",
    }
    team_path = "team"
    related = (
        "campaign__programme",
        "stratum__segment",
        "stratum__channel",
        "customer",
        "service_event",
        "team",
        "invitation__response",
    )
    unread = (
        *unread("campaign__", "result"),
        *unread("service_event__", "body", "attributes", "content_hash"),
        *unread("invitation__", "token_hash", "contact_index", "contact_sealed"),
        *unread("invitation__response__", "answers", "answers_hash"),
        *unread_customer("customer__"),
    )
    columns = {
        "programme": column(_("programme"), "campaign__programme__slug"),
        "quarter": column(_("quarter"), "campaign__quarter_start"),
        "segment": column(_("segment"), "stratum__segment__slug"),
        "channel": column(_("service channel"), "stratum__channel__slug"),
        **customer_columns("customer__"),
        "event_source": column(_("event's system"), "service_event__source"),
        "event_external_id": column(_("ticket number"), "service_event__external_id"),
        "team": column(_("team"), "team__code"),
        "random_number": column(_("random number"), "random_number"),
        "position": column(_("position"), "position"),
        "wave": column(_("wave"), "wave"),
        "exclusion": column(_("not asked because"), "get_exclusion_display"),
        "dropped": column(_("dropped because"), "get_dropped_display"),
        "invited_at": column(_("invited at"), "invitation__invited_at"),
        "answered_at": column(_("answered at"), "invitation__answered_at"),
        "nps": column(_("recommendation"), "invitation__response__nps"),
    }

    class Meta:
        model = CampaignMember
        import_id_fields = ("programme", "quarter", "customer_source", "customer_external_id")
