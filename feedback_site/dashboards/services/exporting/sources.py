"""What can be exported: the rows, who may take them, and by what they may be narrowed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    Expression,
    F,
    Func,
    Model,
    OuterRef,
    Subquery,
)
from django.db.models.functions import Cast, Coalesce

from feedback_site.accounts.enums import Grant
from feedback_site.common.resources import ExportResource
from feedback_site.customers.enums import Purpose
from feedback_site.dashboards.enums import ExportKind
from feedback_site.service_events.enums import EventStatus
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.resources import ServiceEventResource
from nps.models import CampaignMember
from nps.resources import CampaignMemberResource
from surveys.enums import LinkState
from surveys.models import Invitation, Response
from surveys.resources import InvitationResource, ResponseResource
from visits.enums import VisitStatus
from visits.models import ReturnVisit
from visits.resources import ReturnVisitResource


@dataclass(frozen=True, slots=True)
class ExportSource:
    """One kind of rows.

    `paths` maps each allowed filter to the field of the row that it looks at, `choices` those with fixed
    values.

    `day` is the date by which a period counts; `zone` leads to the time zone where `day`
    is a moment, and `counted_on` to the day on which figures count the row, where they do.
    """

    model: type[Model]
    resource: type[ExportResource]
    permission: str
    grant: Grant
    paths: Mapping[str, str]
    day: str = ""
    zone: str = ""
    counted_on: Expression | None = None
    choices: Mapping[str, Any] = field(default_factory=dict)

    @property
    def filters(self) -> tuple[str, ...]:
        """The names of the filters allowed here."""
        return (*(("from", "to") if self.day else ()), *self.paths)


def local_day(moment: str, zone: str) -> Func:
    """Return the day of a moment by the clock of a team."""
    return Cast(
        Func(Cast(F(zone), CharField()), F(moment), function="timezone", output_field=DateTimeField()),
        DateField(),
    )


# As the figures count cases: on the day of the completion that the invitation followed, else of the
# last completion. What was never completed is in no figure; here it has the day on which it was opened.
_DAY_OF_CASE = Coalesce(
    Subquery(
        Invitation.objects.counted()
        .filter(service_event=OuterRef("pk"), purpose=Purpose.SURVEY)
        .values("belongs_on")[:1]
    ),
    local_day("completed_at", "credited_team__time_zone"),
    local_day("opened_at", "credited_team__time_zone"),
)

SOURCES: Mapping[str, ExportSource] = {
    ExportKind.RESPONSES: ExportSource(
        model=Response,
        resource=ResponseResource,
        permission="surveys.view_response",
        grant=Grant.RESPONSES_READ,
        day="invitation__belongs_on",
        paths={
            "team": "invitation__credited_team",
            "survey": "invitation__survey",
            "kind": "invitation__kind",
            "channel": "invitation__channel",
            "segment": "invitation__segment",
            "purpose": "invitation__purpose",
        },
        choices={"purpose": Purpose},
    ),
    ExportKind.INVITATIONS: ExportSource(
        model=Invitation,
        resource=InvitationResource,
        permission="surveys.view_invitation",
        grant=Grant.RESPONSES_READ,
        day="belongs_on",
        paths={
            "team": "credited_team",
            "survey": "survey",
            "kind": "kind",
            "channel": "channel",
            "segment": "segment",
            "purpose": "purpose",
            "status": "link_state",
        },
        choices={"purpose": Purpose, "status": LinkState},
    ),
    ExportKind.SERVICE_EVENTS: ExportSource(
        model=ServiceEvent,
        resource=ServiceEventResource,
        permission="service_events.view_serviceevent",
        grant=Grant.EVENTS_READ,
        day="completed_at",
        zone="credited_team__time_zone",
        counted_on=_DAY_OF_CASE,
        paths={
            "team": "credited_team",
            "kind": "kind",
            "channel": "channel",
            "segment": "segment",
            "status": "status",
        },
        choices={"status": EventStatus},
    ),
    ExportKind.RETURN_VISITS: ExportSource(
        model=ReturnVisit,
        resource=ReturnVisitResource,
        permission="visits.view_returnvisit",
        grant=Grant.VISITS_READ,
        day="due_at",
        zone="credited_team__time_zone",
        paths={"team": "team", "status": "status"},
        choices={"status": VisitStatus},
    ),
    ExportKind.NPS_MEMBERS: ExportSource(
        model=CampaignMember,
        resource=CampaignMemberResource,
        permission="nps.view_campaignmember",
        grant=Grant.RESPONSES_READ,
        paths={
            "campaign": "campaign",
            "team": "team",
            "channel": "stratum__channel",
            "segment": "stratum__segment",
        },
    ),
}
