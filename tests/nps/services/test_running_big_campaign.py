"""Fifty thousand customers in twelve strata.

Drawn, fielded through the real answer path, closed, and worked out a second time by hand.
"""

import math
import random
import time
from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from feedback_site.common.clock import database_now
from feedback_site.evaluations.models import Measurement
from nps.enums import ClosingCause
from nps.models import CampaignMember, Programme
from nps.services.drawing import draw_sample, request_draw
from nps.services.fielding import close_campaign, launch_campaign
from nps.services.preparing import prepare_campaigns
from nps.services.running import run_campaigns
from surveys.models import FollowUpRequest, Invitation, Response
from surveys.services.links.tokens import token_of
from tests.factories.nps.crowd import Person, draw_by_hand, make_people, write_people
from tests.factories.questionnaires.documents import publish
from tests.factories.surveys.links import send

pytestmark = pytest.mark.django_db

CUSTOMERS = 50_000
TARGET = 1000
Z = 1.959963984540054


@pytest.fixture
def launched_at():
    """Twelve days ago, so that the campaign is still in the field.

    Answers come in now, by the database's clock.
    """
    return database_now() - timedelta(days=12)


@pytest.fixture
def people(organisation, launched_at):
    crowd = make_people(CUSTOMERS, seed=20261001, organisation=organisation)
    write_people(crowd, organisation=organisation, at=launched_at)
    return crowd


@pytest.fixture
def programme(organisation):
    version = publish()
    return Programme.objects.create(
        slug="company",
        names={"en": "Company", "zh-hans": "公司"},
        questionnaire=version.questionnaire,
        target_completes=TARGET,
        minimum_per_stratum=40,
        expected_response_percent=25,
    )


def test_a_campaign_of_fifty_thousand_customers_comes_to_the_score_that_they_gave(
    people, programme, staff, organisation, launched_at
):
    prepare_campaigns(at=launched_at)
    campaign = draw(request_draw(campaign=programme.campaigns.get(), at=launched_at))
    assert_drawn_as_by_hand(campaign, people)

    campaign = launch_campaign(campaign=campaign, by=staff.quinn, at=launched_at)
    given = field(campaign, {person.id: person for person in people}, launched_at)
    closed = close(campaign, staff.quinn)

    scores = list(given.values())
    assert len(scores) >= TARGET
    assert closed.closing_cause == "staff"
    assert_scored(closed.result, scores)
    assert_scored_by_stratum(closed, given)
    assert_measured(organisation, given, closed)
    assert FollowUpRequest.objects.count() == sum(score <= 6 for score in scores)
    assert (
        Response.objects.count()
        == Invitation.objects.filter(answered_at__isnull=False).count()
        == len(scores)
    )


def draw(campaign):
    check_references()
    begun = time.perf_counter()
    drawn = draw_sample(campaign_id=campaign.pk, at=campaign.draw_requested_at)
    check_references()
    print(f"\n{CUSTOMERS:,} customers drawn in {time.perf_counter() - begun:.1f} s")  # noqa: T201 - the figure is the point
    assert drawn is not None
    return drawn


def check_references():
    """Check the foreign keys now, as a commit would.

    It belongs to the seconds of a draw, those of the crowd do not.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def assert_drawn_as_by_hand(campaign, people):
    expected = draw_by_hand(people, seed=campaign.seed)
    rows = CampaignMember.objects.values_list("customer_id", "random_number", "exclusion", "position")
    assert {row[0]: row[1:] for row in rows.iterator()} == {
        customer: (drawn.random_number, drawn.exclusion, drawn.position)
        for customer, drawn in expected.items()
    }
    frame = Counter(person.stratum for person in people)
    contactable = Counter(person.stratum for person in people if expected[person.id].position)
    strata = campaign.strata.select_related("segment", "channel")
    found = {(row.segment.slug, row.channel.slug): (row.frame, row.contactable) for row in strata}
    assert found == {stratum: (frame[stratum], contactable[stratum]) for stratum in frame}
    assert len(found) == 12
    assert sum(row.allocated for row in strata) == TARGET
    assert all(row.allocated >= min(40, row.contactable) for row in strata)


def field(campaign, people, launched_at) -> dict[Person, int]:
    """Let wave after wave go out and be answered, until the target is reached; return who gave what."""
    client, asked = Client(), set()
    dice = random.Random(7)  # noqa: S311 - the same answers each time is the point
    given: dict[Person, int] = {}
    moment = launched_at
    while campaign.status == "running" and moment < campaign.field_ends_at:
        while run_campaigns(at=moment):
            pass
        invitations = (
            Invitation.objects.filter(campaign_member__campaign=campaign).exclude(pk__in=asked).order_by("pk")
        )
        for invitation in invitations:
            person = people[invitation.customer_id]
            asked.add(invitation.pk)
            if dice.random() < person.willingness:
                answer(client, invitation, person.score)
                given[person] = person.score
        moment += timedelta(days=1)
        campaign.refresh_from_db()
    assert campaign.waves.count() > 1
    assert (
        len(asked) == campaign.members.filter(invitation__isnull=False).values("customer").distinct().count()
    )
    return given


def answer(client, invitation, score):
    reply = send(client, f"/r/{token_of(invitation)}/", {"overall": "4", "recommend": str(score)})
    assert reply.status_code == 200


def close(campaign, by):
    """The target is reached, and a person ends the field early."""
    campaign.refresh_from_db()
    assert campaign.status == "reached"
    return close_campaign(campaign=campaign, cause=ClosingCause.STAFF, by=by, at=database_now())


def score_by_formula(scores):
    """Net Promoter Score with the adjusted Wald interval.

    Three quarters of a promoter and of a detractor, one and a half passives more.
    """
    n, up, down = len(scores), sum(score >= 9 for score in scores), sum(score <= 6 for score in scores)
    p, d = (up + 0.75) / (n + 3), (down + 0.75) / (n + 3)
    margin = 100 * Z * math.sqrt((p + d - (p - d) ** 2) / (n + 3))
    return n, 100 * (up - down) / n, max(-100, 100 * (p - d) - margin), min(100, 100 * (p - d) + margin)


def assert_scored(result, scores):
    n, nps, low, high = score_by_formula(scores)
    assert result["counts"] == [scores.count(score) for score in range(11)]
    assert result["n"] == n
    assert [result["nps"], result["low"], result["high"]] == pytest.approx([nps, low, high], abs=1e-9)


def assert_scored_by_stratum(campaign, given):
    by_stratum = defaultdict(list)
    for person, score in given.items():
        by_stratum[person.stratum].append(score)
    rows = {row["stratum"]: row for row in campaign.result["strata"]}
    for stratum in campaign.strata.select_related("segment", "channel"):
        assert_scored(rows[stratum.pk], by_stratum[stratum.segment.slug, stratum.channel.slug])
    assert len(rows) == 12


def assert_measured(organisation, given, campaign):
    for team, code in (
        (organisation.east, "east-1"),
        (organisation.east_1, "east-1"),
        (organisation.west, "west-1"),
    ):
        n, nps, low, high = score_by_formula(
            [score for person, score in given.items() if person.team == code]
        )
        row = Measurement.objects.get(team=team, indicator__slug="net_promoter_score", period_kind="quarter")
        assert (row.n, row.period_start) == (n, campaign.quarter_start)
        assert [float(row.value), float(row.low), float(row.high)] == pytest.approx(
            [nps, low, high], abs=1e-4
        )
