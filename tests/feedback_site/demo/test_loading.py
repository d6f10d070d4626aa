"""The sample, loaded once through the services on the real database."""

import json
import stat
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.utils import translation

from feedback_site.accounts.enums import Role
from feedback_site.accounts.models import Team, User
from feedback_site.accounts.services import authenticate_api_key
from feedback_site.common.clock import database_now
from feedback_site.common.exceptions import ConflictError
from feedback_site.conservation.ledger import read_ledger
from feedback_site.conservation.running import run_checks
from feedback_site.customers.models import Customer
from feedback_site.delivery.models import MessageAttempt
from feedback_site.demo.credentials import write_credentials
from feedback_site.demo.history import VOLUME
from feedback_site.demo.loading import load_sample
from feedback_site.demo.months import history_months
from feedback_site.demo.profiles import TEAMS
from feedback_site.evaluations.models import EvaluationRecord
from feedback_site.improvements.models import ImprovementAction
from feedback_site.service_events.models import Agent, ServiceEvent
from feedback_site.service_events.services import sign_webhook
from feedback_site.voice.enums import EntryState
from feedback_site.voice.models import VoiceEntry
from feedback_site.voice.selectors.public import latest_monthly_suggestion, public_changes
from nps.models import Campaign
from nps.selectors.progress import campaign_progress
from nps.selectors.results import campaign_result
from surveys.enums import FlagReason
from surveys.models import EventFlag, OpenQuestionnaire, OpenResponse, Response, Survey
from visits.models import Escalation, ReturnVisit

ADDRESSES = {
    "base_url": "http://127.0.0.1:8000",
    "smtp_port": 8025,
    "sms_gateway_url": "http://127.0.0.1:8026/sms",
}


# Loaded once for all, so all run in one process.
pytestmark = pytest.mark.xdist_group("sample")


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """The sample in a transaction that outlives the single test."""
    with django_db_blocker.unblock(), transaction.atomic():
        lines: list[str] = []
        with translation.override("en"):
            assert load_sample(say=lines.append)
        connection.check_constraints()  # those that wait for the commit, which never comes here
        yield lines
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def months(sample, django_db_blocker):
    with django_db_blocker.unblock():
        return history_months(at=database_now(), zone=ZoneInfo("Asia/Shanghai"), volume=VOLUME)


@pytest.mark.django_db
def test_a_site_that_holds_something_else_is_refused(organisation):
    with translation.override("en"), pytest.raises(ConflictError, match="other data"):
        load_sample()


def test_each_step_is_told_in_a_line_with_its_count(sample):
    told = dict(line.rsplit(": ", 1) for line in sample if line.count(": ") == 1)

    assert len(sample) == 7
    assert told["Evaluation records"] == str(EvaluationRecord.objects.count())
    assert told["Return visits"] == str(ReturnVisit.objects.count())
    assert sample[0] == f"Teams: {Team.objects.count()}, staff: {User.objects.count()}"
    assert all(
        int(words) > 0 for line in sample for words in line.replace(",", "").split() if words.isdigit()
    )


def test_the_first_run_loads_and_the_second_finds_it(sample):
    assert len(sample) == 7
    assert load_sample() is False


def test_two_regions_hold_four_teams_with_twelve_agents(sample):
    assert Team.objects.filter(parent__isnull=True).count() == 2
    assert Team.objects.filter(parent__isnull=False).count() == 4
    assert Agent.objects.count() == 12


def test_every_team_has_thirty_answers_in_each_month(sample, months):
    counts = (
        Response.objects.filter(invitation__purpose="survey")
        .values_list("invitation__credited_team__code", "invitation__belongs_on__month")
        .annotate(answers=Count("pk"))
        .values_list("invitation__credited_team__code", "answers")
    )

    assert len(counts) == len(months) * len(TEAMS)
    assert min(answers for _team, answers in counts) >= 30


def test_every_record_is_graded_on_all_six_indicators(sample, months):
    records = EvaluationRecord.objects.filter(period_kind="month").annotate(lines_count=Count("lines"))

    assert records.count() == 6 * len(months)
    assert {(record.weight_covered, record.lines_count, bool(record.grade)) for record in records} == {
        (100, 6, True)
    }


def test_teams_differ_in_their_grades(sample):
    grades = EvaluationRecord.objects.filter(team__parent__isnull=False, status="calculated").values_list(
        "grade", flat=True
    )

    assert len(set(grades)) >= 3


def test_records_of_past_months_are_published_except_the_last_of_one_team(sample, months):
    past = EvaluationRecord.objects.filter(period_kind="month", period_start__lt=months[-1].start_on)
    unpublished = past.exclude(status="published").values_list("team__code", "status", "period_start")

    assert list(unpublished) == [("west-2", "calculated", months[-2].start_on)]


def test_last_quarter_is_graded_and_published_for_every_team(sample):
    first = (
        EvaluationRecord.objects.filter(period_kind="quarter")
        .order_by("period_start")
        .values_list("period_start", flat=True)[0]
    )
    records = EvaluationRecord.objects.filter(period_kind="quarter", period_start=first).annotate(
        lines_count=Count("lines")
    )

    assert {(record.status, record.lines_count, bool(record.grade)) for record in records} == {
        ("published", 6, True)
    }
    assert records.count() == Team.objects.count()


def test_last_quarters_campaign_is_closed_on_a_thousand_answers_and_this_quarters_is_running(sample):
    last, running = Campaign.objects.order_by("quarter_start")

    assert (last.status, running.status) == ("closed", "running")
    assert campaign_result(last).n >= 1000
    assert campaign_result(running).n >= 100
    assert campaign_progress(last).sent == campaign_progress(last).invited > 0


def test_visits_are_concluded_due_and_escalated(sample):
    now = database_now()

    assert ReturnVisit.objects.filter(outcome="verified_resolved").count() >= 5
    assert ReturnVisit.objects.due(at=now).filter(assignee__isnull=False, due_at__gt=now).count() >= 3
    assert set(Escalation.objects.values_list("status", flat=True)) == {"open", "verified"}
    assert ImprovementAction.objects.get().status == "proved"


def test_nothing_lies_in_the_future(sample):
    now = database_now()

    assert not ServiceEvent.objects.filter(completed_at__gt=now).exists()
    assert not Response.objects.filter(submitted_at__gt=now).exists()


def test_some_events_are_withheld_and_some_still_open(sample):
    ledger = read_ledger()

    assert set(ledger.reasons) == {"no_consent", "no_contact"}
    # Of the complaints that customers sent themselves, six are being
    # worked on; the sweep has yet to look at the one that was closed.
    assert ledger.states["not_completed"] == 12 + 6
    assert (ledger.states["undecided"], ledger.states["queued"]) == (1, 0)


def test_the_history_adds_up_and_left_no_machine(sample):
    assert [result.check.slug for result in run_checks() if not result.is_ok] == []
    assert set(MessageAttempt.objects.values_list("code", flat=True)) == {"local"}
    assert set(ServiceEvent.objects.filter(is_replayed=False).values_list("source", flat=True)) == {"voice"}


def test_customers_spoke_up_in_every_state(sample):
    shown = set(VoiceEntry.objects.values_list("kind", "state"))

    assert {state for _kind, state in shown} == set(EntryState)
    assert VoiceEntry.objects.overdue(at=database_now()).count() == 2
    assert len(public_changes()) == 3
    assert latest_monthly_suggestion() is not None


def test_visitors_answered_at_the_counter(sample):
    assert (OpenQuestionnaire.objects.count(), OpenQuestionnaire.objects.not_closed().count()) == (2, 1)
    assert (OpenResponse.objects.count(), OpenResponse.objects.filter(is_duplicate=True).count()) == (8, 1)


def test_some_customers_paid_something_else_than_their_ticket_says(sample):
    said = Response.objects.filter(answers__has_key="paid")
    flags = EventFlag.objects.filter(reason=FlagReason.FEE_DIFFERS)

    assert 5 <= flags.count() <= said.count() // 10
    assert {flag.paid - flag.charged for flag in flags} == {20, 50, 100}


def test_contacts_are_sealed(sample):
    assert Customer.objects.filter(phone_sealed__isnull=False).exists()
    assert not Customer.objects.filter(phone_mask__regex=r"\d{6}").exists()


def test_credentials_open_what_they_say_and_are_kept_on_the_second_run(sample, tmp_path):
    file = tmp_path / "demo.json"
    now = database_now()
    first = write_credentials(file=file, addresses=ADDRESSES, at=now)

    second = write_credentials(
        file=file, addresses={**ADDRESSES, "base_url": "http://127.0.0.1:9000"}, at=database_now()
    )

    webhook_url = "http://127.0.0.1:9000/api/v1/webhooks/service-events/crm/"
    assert second == {
        **first,
        "base_url": "http://127.0.0.1:9000",
        "webhook_url": webhook_url,
        "voice_url": "http://127.0.0.1:9000/voice/",
    }
    assert json.loads(file.read_text(encoding="utf-8")) == second
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(second) == {
        "base_url",
        "admin",
        "staff",
        "api_key",
        "webhook_secret",
        "webhook_url",
        "voice_url",
        "smtp_port",
        "sms_gateway_url",
    }
    assert {login["role"] for login in second["staff"]} == set(Role.values)
    assert authenticate_api_key(credentials=second["api_key"], at=now + timedelta(minutes=1)) is not None
    for login in [second["admin"], *second["staff"]]:
        assert User.objects.get(username=login["username"]).check_password(login["password"])


@pytest.mark.parametrize("broken", ["whsec_AAAA", "no secret"])
def test_the_webhook_secret_signs_and_one_that_does_not_is_made_anew(sample, tmp_path, broken):
    file = tmp_path / "demo.json"
    for _ in range(3):  # more often than secrets have places
        content = write_credentials(file=file, addresses=ADDRESSES, at=database_now())
        file.write_text(json.dumps({**content, "webhook_secret": broken}), encoding="utf-8")

    body, timestamp = b"{}", str(int(database_now().timestamp()))
    signature = sign_webhook(
        secret=content["webhook_secret"], webhook_id="m-1", timestamp=timestamp, body=body
    )
    headers = {"webhook-id": "m-1", "webhook-timestamp": timestamp, "webhook-signature": signature}
    response = Client().post(
        urlsplit(content["webhook_url"]).path, body, content_type="application/json", headers=headers
    )

    assert response.status_code == 400  # signed by a person we know, and empty


def test_credentials_that_no_longer_work_are_made_anew(sample, tmp_path):
    file = tmp_path / "demo.json"
    first = write_credentials(file=file, addresses=ADDRESSES, at=database_now())
    file.write_text(json.dumps({**first, "api_key": "wrong.key"}), encoding="utf-8")

    second = write_credentials(file=file, addresses=ADDRESSES, at=database_now())

    assert second["api_key"] not in {first["api_key"], "wrong.key"}
    assert authenticate_api_key(credentials=first["api_key"], at=database_now()) is None


def test_a_sample_that_was_cut_short_is_refused(sample):
    survey = Survey.objects.get(is_active=True)
    Survey.objects.filter(pk=survey.pk).update(slug="of-another-demo")

    try:
        with translation.override("en"), pytest.raises(ConflictError, match="demo-reset"):
            load_sample()
    finally:
        Survey.objects.filter(pk=survey.pk).update(slug=survey.slug)
