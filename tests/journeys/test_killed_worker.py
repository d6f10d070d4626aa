"""The worker is killed in the middle of a draw, of a wave and of a sweep of visits.

Nothing is drawn otherwise, no one is asked twice.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.models import Count

from feedback_site.accounts.models import Team, User
from feedback_site.common.clock import database_now
from feedback_site.customers.models import Segment
from feedback_site.delivery.models import Message
from feedback_site.questionnaires.models import Questionnaire
from feedback_site.service_events.models import ServiceKind
from nps.models import Campaign, CampaignMember, Programme
from nps.services.drawing import request_draw
from nps.services.fielding import cancel_campaign, launch_campaign
from nps.services.preparing import prepare_campaign
from surveys.models import Invitation
from tests.factories.nps.crowd import draw_by_hand, make_people, write_people
from tests.journeys.site import event_of, wait_for
from visits.models import ReturnVisit, VisitSource

pytestmark = pytest.mark.xdist_group("journeys")

PEOPLE, WANTED, COMPLAINTS = 3000, 400, 20
LONG = 60.0


@contextmanager
def no_process_writes(table: str) -> Iterator[None]:
    """Keep everybody from inserting into a table, on a connection of its own."""
    is_locked, is_over = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '30s'")
                cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
            is_locked.set()
            is_over.wait(LONG)
        connection.close()

    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    try:
        assert is_locked.wait(LONG)
        yield
    finally:
        is_over.set()
        thread.join()


def is_a_process_waiting_for(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table])
        return bool(cursor.fetchone()[0])


def kill_while_writing(site, table: str, *, begin: Callable[[], object] = bool) -> None:
    """Kill the worker while it is about to insert into `table`, in the middle of a transaction.

    `begin` starts what it does.
    """
    with no_process_writes(table):
        begin()
        wait_for(lambda: is_a_process_waiting_for(table), seconds=LONG)
        site.kill_worker()
    wait_for(lambda: not is_a_process_waiting_for(table))


@pytest.fixture
def campaign() -> Iterator[Campaign]:
    """A campaign of a programme that no tick prepares by itself."""
    programme = Programme.objects.create(
        slug="killed",
        names={"en": "Killed", "zh-hans": "中断"},
        questionnaire=Questionnaire.objects.get(slug="recommendation"),
        target_completes=WANTED,
        delivery_channels=["sms"],
        is_active=False,
        cap_days=0,
    )
    at = database_now()
    quarter = at.date().replace(month=at.month - (at.month - 1) % 3, day=1)
    prepared = prepare_campaign(programme=programme, quarter_start=quarter, at=at)
    yield prepared
    prepared.refresh_from_db()
    if prepared.launched_at is None:
        cancel_campaign(campaign=prepared, at=database_now())


def the_crowd() -> list:
    segments = {segment.slug: segment for segment in Segment.objects.all()}
    teams = {team.code: team for team in Team.objects.filter(code__in=["east-1", "west-1"])}
    organisation = SimpleNamespace(
        east_1=teams["east-1"],
        west_1=teams["west-1"],
        repair=ServiceKind.objects.get(slug="after_sales_repair"),
        **segments,
    )
    people = make_people(PEOPLE, seed=11, organisation=organisation)
    write_people(people, organisation=organisation, at=database_now())
    return people


def test_a_draw_and_a_wave_that_were_cut_short_are_finished_as_if_nothing_had_happened(site, campaign):
    people = the_crowd()
    expected = draw_by_hand(people, seed=campaign.seed)
    ours = CampaignMember.objects.filter(
        campaign=campaign, customer__external_id__in=[str(person.id) for person in people]
    )

    kill_while_writing(
        site, "nps_campaignmember", begin=lambda: request_draw(campaign=campaign, at=database_now())
    )
    left_by_the_killed = ours.count()
    site.start_worker()
    wait_for(lambda: Campaign.objects.filter(pk=campaign.pk, status="drawn").exists(), seconds=LONG)
    drawn = {row.customer_id: (row.random_number, row.exclusion) for row in ours}
    by_place = [row.customer_id for row in ours.order_by("stratum", "position") if row.position]
    strata = {row.customer_id: row.stratum_id for row in ours}
    in_turn = sorted(by_place, key=lambda customer_id: (strata[customer_id], expected[customer_id].position))

    assert left_by_the_killed == 0
    assert drawn == {person_id: (row.random_number, row.exclusion) for person_id, row in expected.items()}
    # Customers of other journeys may stand between them.
    assert by_place == in_turn

    launch_campaign(campaign=campaign, by=User.objects.get(username="quality"), at=database_now())
    wait_for(
        lambda: CampaignMember.objects.filter(campaign=campaign, invitation__isnull=False).exists(),
        seconds=LONG,
    )
    kill_while_writing(site, "surveys_invitation")
    cut_short = CampaignMember.objects.filter(campaign=campaign, invitation__isnull=False).count()
    site.start_worker()
    wait_for(lambda: campaign.waves.filter(number=1, finished_at__isnull=False).exists(), seconds=LONG)

    wave = CampaignMember.objects.filter(campaign=campaign, wave=1)
    invited = Invitation.objects.filter(campaign_member__campaign=campaign)
    assert 0 < cut_short < wave.count()
    assert wave.filter(invitation__isnull=True, dropped="").count() == 0
    assert wave.count() == campaign.waves.get(number=1).planned
    assert invited.values("contact_index").annotate(times=Count("pk")).filter(times__gt=1).count() == 0
    messages = Message.objects.filter(
        subject_kind="invitation", subject_id__in=invited.values("pk"), step="first"
    )
    assert messages.values("subject_id").annotate(times=Count("pk")).filter(times__gt=1).count() == 0
    assert messages.count() == invited.count()


def test_a_sweep_of_visits_that_was_cut_short_makes_each_visit_once(site):
    numbers = [f"K-{number}" for number in range(COMPLAINTS)]
    consent = {"survey": False, "visit": True}
    complaints = [
        event_of(
            number,
            customer={"external_id": number, "phone": f"+86120888890{place:02}"},
            kind="complaint_handling",
            is_complaint=True,
            consent=consent,
        )
        for place, number in enumerate(numbers)
    ]
    visits = ReturnVisit.objects.filter(service_event__external_id__in=numbers)

    with no_process_writes("visits_visitsource"):
        assert site.post("service-events/", complaints).status == 207
        wait_for(lambda: is_a_process_waiting_for("visits_visitsource"), seconds=LONG)
        site.kill_worker()
    wait_for(lambda: not is_a_process_waiting_for("visits_visitsource"))
    left_by_the_killed = visits.count()
    site.start_worker()
    wait_for(lambda: visits.filter(assignee__isnull=False).count() == COMPLAINTS, seconds=LONG)

    assert left_by_the_killed == 0
    assert visits.values("service_event").annotate(times=Count("pk")).filter(times__gt=1).count() == 0
    assert VisitSource.objects.filter(visit__in=visits).count() == COMPLAINTS
    assert visits.count() == COMPLAINTS
    assert database_now() - visits.order_by("planned_at")[0].planned_at < timedelta(minutes=10)
