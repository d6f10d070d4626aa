from datetime import timedelta

import pytest

from feedback_site.accounts.models import AccessLogEntry
from feedback_site.common.exceptions import ConflictError, DomainError, NotFoundError
from surveys.models import Invitation
from surveys.services.decisions.deciding import decide_events
from surveys.services.links.tokens import token_of
from surveys.services.on_site.showing import show_link

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(cast, noon) -> Invitation:
    cast.record()
    decide_events(at=noon)
    return Invitation.objects.get()


def test_a_code_of_its_own_is_shown_and_put_on_record(invitation, staff, noon):
    address = show_link(invitation=invitation, by=staff.ellen, at=noon)

    entry = AccessLogEntry.objects.get()
    assert (entry.actor, entry.action, entry.subject_id, entry.team_id) == (
        f"user:{staff.ellen.pk}",
        "link_shown",
        str(invitation.pk),
        invitation.team_id,
    )
    assert address.endswith("/on-site/")
    assert address.rpartition("/r/")[2].partition("/")[0] not in str(entry.details)
    assert token_of(invitation) not in address


def test_another_teams_invitation_does_not_exist(invitation, staff, noon):
    with pytest.raises(NotFoundError):
        show_link(invitation=invitation, by=staff.wei, at=noon)


def test_who_serves_no_customer_shows_no_link(invitation, staff, noon):
    staff.quinn.groups.clear()

    with pytest.raises(DomainError, match="Your role does not show"):
        show_link(invitation=invitation, by=staff.quinn, at=noon)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"purpose": "nps"}, "Only an invitation about a service event"),
        ({"service_event": None}, "Only an invitation about a service event"),
        ({"voided_at": True, "void_reason": "withdrawn"}, "was cancelled"),
        ({"answered_at": True}, "has answered already"),
        ({"expires_at": True}, "has ended"),
    ],
)
def test_a_link_that_leads_nowhere_is_not_shown(invitation, staff, noon, changes, sentence):
    changes = {
        name: noon + timedelta(seconds=1) if value is True else value for name, value in changes.items()
    }
    Invitation.objects.update(**changes)

    with pytest.raises(ConflictError, match=sentence):
        show_link(invitation=invitation, by=staff.ellen, at=noon + timedelta(minutes=1))
    assert not AccessLogEntry.objects.exists()


def test_the_page_shows_the_code_after_it_was_asked_for_and_never_the_address(client, invitation, staff):
    invitation.expires_at += timedelta(days=36500)
    invitation.save()
    client.force_login(staff.ellen)
    page = f"/admin/surveys/invitation/{invitation.pk}/on-site/"

    assert b"qrline" not in client.get(page).content
    assert not AccessLogEntry.objects.exists()
    shown = client.post(page)

    assert b"qrline" in shown.content
    assert b"/r/" not in shown.content
    assert "no-store" in shown.headers["Cache-Control"]
    assert AccessLogEntry.objects.count() == 1
