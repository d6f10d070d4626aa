"""`/api/v1/invitations/`: who was asked, and what came of it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response as Reply

from feedback_site.accounts.api.views import ScopedViewSet
from feedback_site.accounts.enums import Grant
from feedback_site.delivery.models import Message
from surveys.api.queries import InvitationQuery, filter_asked, read_query
from surveys.api.responses import ASKED
from surveys.api.serializers import InvitationOutput
from surveys.models import Invitation
from surveys.selectors.changes import invitations_since
from surveys.selectors.links import link_state
from surveys.services.invitations.inviting import MESSAGE_SUBJECT


class InvitationViewSet(ScopedViewSet):
    """Invitations, without their links."""

    queryset = Invitation.objects.select_related("visit", *ASKED)
    serializer_class = InvitationOutput
    required_grants: ClassVar[dict[str, Grant]] = {"GET": Grant.RESPONSES_READ}
    lookup_value_regex = "[0-9a-fA-F-]{36}"

    def get_queryset(self) -> QuerySet[Any]:
        """Return the caller's invitations with the state of their links."""
        return super().get_queryset().annotate(link_state=link_state())

    @extend_schema(parameters=[InvitationQuery], responses=InvitationOutput(many=True))
    def list(self, request: Request) -> Reply:
        """List invitations, newest first."""
        query = read_query(InvitationQuery, request)
        rows = filter_asked(self.get_queryset(), query)
        if "state" in query:
            rows = rows.filter(link_state=query["state"])
        if "updated_since" in query:
            rows = rows.filter(pk__in=invitations_since(query["updated_since"]))
        return self.get_paginated_response(_present(self.paginate_queryset(rows) or []))

    @extend_schema(responses=InvitationOutput)
    def retrieve(self, request: Request, pk: str) -> Reply:
        """Show one invitation."""
        return Reply(_present([self.get_object()])[0])


def _present(invitations: Sequence[Invitation]) -> Any:
    messages: defaultdict[UUID, list[Message]] = defaultdict(list)
    found = Message.objects.filter(
        subject_kind=MESSAGE_SUBJECT, subject_id__in=[row.pk for row in invitations]
    )
    for message in found.order_by("pk"):
        messages[message.subject_id].append(message)
    return InvitationOutput(invitations, many=True, context={"messages": messages}).data
