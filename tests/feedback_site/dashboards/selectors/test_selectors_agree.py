"""Home, dashboards, the metrics API and exports say the same of the same day and scope.

Credited teams, each on its own local day.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feedback_site.accounts.enums import Grant
from feedback_site.accounts.models import Team
from feedback_site.accounts.services import create_api_key
from feedback_site.dashboards.enums import ExportKind
from feedback_site.dashboards.selectors import FigureFilter, home, response_funnel, satisfaction_figures
from feedback_site.dashboards.services.exporting import count_rows
from feedback_site.dashboards.services.exporting.filters import rows_of
from feedback_site.service_events.models import ServiceEvent
from surveys.enums import InvitationOrigin
from surveys.models import Invitation, Response, ResponseInterview
from tests.factories.cases import NOON

PARIS = ZoneInfo("Europe/Paris")
# In Paris this is still the 20th, in Shanghai the 21st.
LATE = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
DAY = "2026-11-20"


@pytest.fixture
def busy_day(world, organisation):
    """A day with cases of every fate.

    Two teams by two clocks; some cases have moved to another team since, in both directions.
    """
    Team.objects.filter(pk=organisation.west_1.pk).update(time_zone="Europe/Paris")
    organisation.west_1.refresh_from_db()
    for team, zone in ((organisation.east_1, None), (organisation.west_1, PARIS)):
        facts = {"team": team} | ({"zone": zone} if zone else {})
        for fate, times in (
            ("submitted", 11),
            ("sent", 6),
            ("unsent", 2),
            ("no_consent", 3),
            ("voided", 2),
            ("undecided", 2),
            ("elsewhere", 1),
        ):
            world.serve(fate, times, **facts)
        # Completed at this moment, the case is of the next day in Shanghai and of this one in Paris.
        world.serve("sent", 2, at=LATE, **facts)
        world.serve("no_consent", 1, at=LATE, **facts)
        world.serve("sent", 3, at=NOON - timedelta(days=1), **facts)
        world.serve("sent", 1, is_replayed=True, **facts)
    for team, other in (
        (organisation.east_1, organisation.west_1),
        (organisation.west_1, organisation.east_1),
    ):
        moved = (
            ServiceEvent.objects.filter(credited_team=team, completed_at=NOON)
            .order_by("pk")
            .values_list("pk", flat=True)[:4]
        )
        moved = list(moved)
        ServiceEvent.objects.filter(pk__in=moved).update(team=other)
        Invitation.objects.filter(service_event__in=moved).update(team=other)
    # Reopened after it was asked about: the case is in the figures,
    # on the day of the completion that its invitation followed.
    asked = Invitation.objects.filter(
        credited_team=organisation.east_1, belongs_on=DAY, answered_at__isnull=False
    ).first()
    ServiceEvent.objects.filter(pk=asked.service_event_id).update(completed_at=NOON + timedelta(days=2))
    return world


@pytest.mark.parametrize(("reader", "completed"), [("quinn", 59), ("root", 59), ("max", 59)])
def test_all_places_agree_for_those_who_count_all(busy_day, staff, client, reader, completed):
    assert _everywhere(getattr(staff, reader), client, None) == [completed] * 3


@pytest.mark.parametrize(("team", "reader", "completed"), [("east_1", "ellen", 28), ("west_1", "wei", 31)])
def test_all_places_agree_for_a_team_whatever_moved_since(
    busy_day, organisation, staff, client, team, reader, completed
):
    scope = getattr(organisation, team)

    assert _everywhere(getattr(staff, reader), client, scope) == [completed] * 3
    # The rows themselves belong to those who see them now;
    # of all rows, those of the team and day are as many.
    filters = {"from": DAY, "to": DAY, "team": scope.code, "status": "completed"}
    assert count_rows(kind=ExportKind.SERVICE_EVENTS, filters=filters, principal=staff.quinn) == completed


def _everywhere(user, client, team) -> list[int | None]:
    """What home, the page and the API say was completed on the day.

    What they say of answers and ratings is compared on the way.
    """
    day = FigureFilter(from_on=datetime.fromisoformat(DAY).date(), to_on=datetime.fromisoformat(DAY).date())
    first_page = home(user=user, at=NOON)
    funnel, ratings = response_funnel(day, user), satisfaction_figures(day, user)
    key, token = create_api_key(name="figures", grants=[Grant.METRICS_READ], team=team)
    options = {"headers": {"Authorization": f"Api-Key {token}"}}
    told = client.get(f"/api/v1/metrics/response-rate/?from={DAY}&to={DAY}", **options).json()
    rated = client.get(f"/api/v1/metrics/satisfaction/?from={DAY}&to={DAY}", **options).json()
    month = response_funnel(FigureFilter(from_on=day.from_on - timedelta(days=29), to_on=day.to_on), user)

    assert key.pk
    assert (first_page.response_rate.n, first_page.response_rate.percent) == (
        month.rates.rr1.share.n,
        month.rates.rr1.share.percent,
    )
    assert rated["ratings"]["n"] == ratings.ratings.n == first_page.satisfaction.n
    assert rated["ratings"]["mean"] == ratings.ratings.mean == first_page.satisfaction.mean
    assert told["rates"]["rr1"]["hits"] == funnel.rates.rr1.hits
    return [first_page.events.completed, funnel.completed, told["completed"]]


def test_exports_hold_the_answers_that_the_figures_count(busy_day, staff):
    day = FigureFilter(from_on=datetime.fromisoformat(DAY).date(), to_on=datetime.fromisoformat(DAY).date())
    filters = {"from": DAY, "to": DAY, "purpose": "survey"}
    funnel = response_funnel(day, staff.quinn)

    responses = rows_of(ExportKind.RESPONSES, filters, staff.quinn)
    invitations = rows_of(ExportKind.INVITATIONS, filters, staff.quinn)

    assert responses.count() == funnel.rates.rr1.hits == satisfaction_figures(day, staff.quinn).ratings.n
    assert (
        invitations.filter(voided_at__isnull=True, origin=InvitationOrigin.SENT).count()
        == funnel.rates.rr1.share.n
    )


def test_low_ratings_that_staff_typed_are_marked(world, staff, client):
    for rating in (1, 2, 1, 2):
        world.serve("submitted", satisfaction=rating)
    own, typed, visited, imported = Response.objects.order_by("pk")
    ResponseInterview.objects.create(response=typed, interviewer=staff.ada, recorded_at=NOON)
    Invitation.objects.filter(pk=visited.pk).update(
        origin="interview", is_in_headline=False, survey=None, contact_index=None
    )
    Invitation.objects.filter(pk=imported.pk).update(
        origin="imported", is_in_headline=False, contact_index=None
    )

    marks = {low.response.pk: low.mark for low in home(user=staff.ellen, at=NOON).low_ratings}

    assert marks == {
        own.pk: "",
        typed.pk: "typed by staff: ada",
        visited.pk: "typed by staff in a return visit, not in the satisfaction figures",
        imported.pk: "imported from elsewhere",
    }
    client.force_login(staff.ellen)
    client.cookies["django_language"] = "en"
    assert "typed by staff: ada" in client.get("/admin/").content.decode()
