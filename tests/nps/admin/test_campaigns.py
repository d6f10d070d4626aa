"""The pages of campaigns, state by state."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nps.enums import LAUNCHED, CampaignStatus, ClosingCause
from nps.models import Campaign, CampaignWave
from nps.selectors.launching import launch_figures
from nps.selectors.results import campaign_result
from nps.services.drawing import request_draw
from nps.services.fielding import cancel_campaign, close_campaign, launch_campaign, pause_campaign
from surveys.models import Invitation

LIST, CHANGE = "admin:nps_campaign_changelist", "admin:nps_campaign_change"
STEPS = ["launch", "draw", "resume", "pause", "close", "cancel"]


def offered(page):
    return [str(step["label"]) for step in page.context["steps"]]


def status_of(campaign):
    return Campaign.objects.get(pk=campaign.pk).status


@pytest.fixture
def drawn(field_work):
    """Sixty people in two strata can be asked; two of a third never consented."""
    field_work.serve_many(50)
    field_work.serve_many(10, segment=field_work.organisation.high_value)
    field_work.serve_many(2, channel=field_work.organisation.on_site, consent=None)
    return field_work.drawn()


@pytest.fixture
def answered(drawn, field_work, staff, noon):
    """In the field with 35 of 38 answers: 20 promoters, 10 passives, 5 detractors."""
    launch_campaign(campaign=drawn, by=staff.root, at=noon)
    field_work.run()
    field_work.answer_all(drawn, *([10] * 20 + [8] * 10 + [2] * 5))
    return Campaign.objects.get(pk=drawn.pk)


class TestPrepared:
    def test_says_what_will_happen_and_offers_the_draw(self, field_work, staff, visit):
        page = visit(staff.quinn, CHANGE, field_work.prepared().pk)

        assert offered(page) == ["Draw the sample", "Cancel the campaign"]
        assert "its sample is not drawn yet" in page.content.decode()

    def test_drawing_asks_first_and_is_done_by_the_worker(self, field_work, staff, visit, step):
        campaign = field_work.prepared()

        asked = visit(staff.quinn, step(campaign, "draw"))
        before = status_of(campaign)
        page = visit(staff.quinn, step(campaign, "draw"), data={})

        assert (asked.status_code, before, status_of(campaign)) == (200, "prepared", "drawing")
        assert "The sample is being drawn." in page.content.decode()


def test_while_the_sample_is_drawn_the_page_looks_again_by_itself(field_work, staff, visit, noon):
    campaign = request_draw(campaign=field_work.prepared(), at=noon)

    page = visit(staff.quinn, CHANGE, campaign.pk)

    assert "nps/drawing.js" in page.content.decode()
    assert offered(page) == ["Cancel the campaign"]


def test_a_page_that_nothing_happens_to_is_left_alone(field_work, staff, visit):
    assert "nps/drawing.js" not in visit(staff.quinn, CHANGE, field_work.prepared().pk).content.decode()


class TestDrawn:
    def test_the_launch_page_shows_what_the_selector_says(self, drawn, staff, visit, read):
        page, text = visit(staff.quinn, CHANGE, drawn.pk), read(staff.quinn, CHANGE, drawn.pk)

        figures = launch_figures(drawn)
        assert page.context["sheet"].launch == figures
        assert (
            f"Sampling list {figures.frame} customers served Can be invited {figures.contactable} customers "
            "who can be invited" in text
        )
        assert f"Invitations needed {figures.needed} " in text
        assert offered(page) == ["Launch", "Draw again", "Cancel the campaign"]

    def test_warnings_and_reasons_stand_in_words(self, drawn, staff, read):
        text = read(staff.quinn, CHANGE, drawn.pk)

        assert "No customer in the group “New · On site” can be invited." in text
        assert "No consent 2 60 of 62 customers on the sampling list can be invited" in text
        assert "New · On site 2 2 0 0 0" in text
        assert str(drawn.seed) in text

    def test_the_sample_can_be_drawn_again(self, drawn, staff, visit, step):
        visit(staff.quinn, step(drawn, "draw"), data={})

        assert status_of(drawn) == "drawing"

    def test_launching_says_first_how_many_are_written_to(self, drawn, staff, read, step):
        text = read(staff.quinn, step(drawn, "launch"))

        assert f"{launch_figures(drawn).needed} customers will be invited in the first wave." in text
        assert "at most 60 customers in all" in text
        assert "This cannot be undone." in text
        assert status_of(drawn) == "drawn"

    def test_launching_launches_once_and_the_second_click_is_told_so(self, drawn, staff, visit, step):
        first = visit(staff.quinn, step(drawn, "launch"), data={})
        second = visit(staff.quinn, step(drawn, "launch"), data={})

        campaign = Campaign.objects.get(pk=drawn.pk)
        assert (campaign.status, campaign.launched_by) == (CampaignStatus.RUNNING, staff.quinn)
        assert "The campaign is launched: the first wave is on its way." in first.content.decode()
        assert "This campaign is launched already, or its sample is not drawn yet." in second.content.decode()

    def test_an_empty_frame_offers_no_launch(self, field_work, staff, visit, read, step):
        empty = field_work.drawn()

        text = read(staff.quinn, step(empty, "launch"))
        refused = visit(staff.quinn, step(empty, "launch"), data={})

        assert "No customer was served in the period of this campaign" in text
        assert offered(visit(staff.quinn, CHANGE, empty.pk)) == ["Draw again", "Cancel the campaign"]
        assert (
            'type="submit" class="button-primary"'
            not in visit(staff.quinn, step(empty, "launch")).content.decode()
        )
        assert "No customer was served in the period of this campaign" in refused.content.decode()
        assert status_of(empty) == "drawn"

    def test_cancelling_ends_it(self, drawn, staff, visit, read, step):
        visit(staff.quinn, step(drawn, "cancel"), data={})

        assert status_of(drawn) == "cancelled"
        assert "No customer was invited." in read(staff.quinn, CHANGE, drawn.pk)
        assert offered(visit(staff.quinn, CHANGE, drawn.pk)) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_launches_clicked_at_once_one_launches_and_one_is_told_so(drawn, staff, step):
    launched = "The campaign is launched: the first wave is on its way."
    refused = "This campaign is launched already, or its sample is not drawn yet."
    together, said = threading.Barrier(2, timeout=60), []

    def click():
        client = Client()
        client.force_login(staff.root)
        client.cookies["django_language"] = "en"
        together.wait()
        text = client.post(step(drawn, "launch"), follow=True).content.decode()
        said.append([sentence for sentence in (launched, refused) if sentence in text])
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == [[launched], [refused]]
    assert status_of(drawn) == "running"


class TestRunning:
    def test_progress_and_score_are_those_of_the_selectors(self, answered, staff, visit, read):
        text, result = read(staff.quinn, CHANGE, answered.pk), campaign_result(answered)

        assert f"Invited {answered.members.filter(invitation__isnull=False).count()} " in text
        assert "35 of 10 wanted" in text
        assert "42.9 NPS" in text
        assert round(result.nps, 1) == 42.9
        assert "promoters (9–10) 57.1%" in text
        assert offered(visit(staff.quinn, CHANGE, answered.pk)) == ["Pause", "End the campaign"]

    def test_before_the_first_answer_every_figure_is_a_dash(self, drawn, staff, read, noon):
        launch_campaign(campaign=drawn, by=staff.root, at=noon)

        text = read(staff.quinn, CHANGE, drawn.pk)

        assert "So far – NPS" in text
        assert "The first wave starts within seconds." in text

    def test_a_stratum_of_few_answers_shows_no_score(self, answered, staff, visit):
        sheet = visit(staff.quinn, CHANGE, answered.pk).context["sheet"]

        few = next(row for row in sheet.rows if row.figures.answered < 5)
        assert (few.result.n, few.result.nps) == (None, None)

    def test_it_is_paused_and_resumed(self, answered, staff, visit, step):
        visit(staff.quinn, step(answered, "pause"), data={})
        paused = status_of(answered), offered(visit(staff.quinn, CHANGE, answered.pk))
        visit(staff.quinn, step(answered, "resume"), data={})

        assert paused == ("paused", ["Resume", "End the campaign"])
        assert status_of(answered) == "running"

    def test_closing_asks_first_and_states_who_closed_it(self, answered, staff, visit, read, step):
        text = read(staff.quinn, step(answered, "close"))
        before = status_of(answered)
        visit(staff.quinn, step(answered, "close"), data={})

        closed = Campaign.objects.get(pk=answered.pk)
        assert "35 of 10 responses received." in text
        assert (before, closed.status, closed.closed_by) == ("running", "closed", staff.quinn)
        assert closed.closing_cause == ClosingCause.STAFF

    def test_the_history_names_who_did_what(self, answered, staff, visit, step):
        visit(staff.quinn, step(answered, "pause"), data={})

        text = visit(staff.quinn, "admin:nps_campaign_history", answered.pk).content.decode()

        assert "The campaign is paused." in text
        assert "quinn" in text


class TestClosed:
    def test_the_result_stands_with_interval_response_and_seed(self, answered, staff, visit, read, noon):
        close_campaign(
            campaign=answered, cause=ClosingCause.STAFF, by=staff.quinn, at=noon + timedelta(days=1)
        )

        text = read(staff.quinn, CHANGE, answered.pk)

        assert "The campaign has ended: ended by staff. Its result is final." in text
        assert "42.9 NPS" in text
        assert "n = 35 · 95% confidence interval" in text
        assert "There is no earlier campaign to compare with." in text
        assert str(answered.seed) in text
        assert offered(visit(staff.quinn, CHANGE, answered.pk)) == []

    @pytest.mark.parametrize(
        ("earlier", "sentence"),
        [
            ([0] * 35, "Up on 2026 Q3: +142.9 points"),
            ([10] * 35, "Down on 2026 Q3: −57.1 points"),
            ([10] * 20 + [8] * 9 + [2] * 6, "No clear change on 2026 Q3: +2.9 points"),
            ([10] * 12, "Too few answers to compare with 2026 Q3: both need 30."),
        ],
    )
    def test_the_change_is_said_in_words(self, field_work, staff, read, noon, earlier, sentence):
        field_work.programme.cap_days = 0
        field_work.programme.save()
        field_work.serve_many(50)
        _field(field_work, staff, noon, date(2026, 7, 1), earlier)
        latest = _field(field_work, staff, noon, date(2026, 10, 1), [10] * 20 + [8] * 10 + [2] * 5)

        assert sentence in read(staff.quinn, CHANGE, latest.pk)


def _field(field_work, staff, noon, quarter_start, scores):
    """Draw, launch, answer and close a quarter's campaign."""
    field_work.programme.target_completes = 50
    field_work.programme.expected_response_percent = 100
    field_work.programme.save()
    campaign = request_draw(campaign=field_work.earlier(quarter_start), at=noon)
    field_work.run()
    launch_campaign(campaign=campaign, by=staff.root, at=noon)
    field_work.run()
    field_work.answer_all(campaign, *scores)
    return close_campaign(
        campaign=campaign, cause=ClosingCause.STAFF, by=staff.root, at=noon + timedelta(days=1)
    )


class TestAccess:
    @pytest.mark.parametrize("name", STEPS)
    def test_looking_at_a_step_changes_nothing(self, drawn, staff, visit, step, name):
        before = Campaign.objects.values().get(pk=drawn.pk)

        page = visit(staff.quinn, step(drawn, name))

        assert page.status_code == 200
        assert Campaign.objects.values().get(pk=drawn.pk) == before
        assert (CampaignWave.objects.count(), Invitation.objects.count()) == (0, 0)

    @pytest.mark.parametrize("name", STEPS)
    @pytest.mark.parametrize(("who", "status"), [("max", 403), ("ellen", 404), ("ada", 404), ("vera", 404)])
    def test_who_may_not_run_it_takes_no_step(self, drawn, staff, visit, step, name, who, status):
        looked = visit(getattr(staff, who), step(drawn, name)).status_code
        clicked = visit(getattr(staff, who), step(drawn, name), data={}).status_code

        assert (looked, clicked, status_of(drawn)) == (status, status, "drawn")

    @pytest.mark.parametrize("name", STEPS)
    def test_a_step_that_the_state_does_not_allow_is_refused_in_words(
        self, field_work, staff, visit, read, step, name, noon
    ):
        cancelled = cancel_campaign(campaign=field_work.prepared(), at=noon)

        text = read(staff.quinn, step(cancelled, name))
        visit(staff.quinn, step(cancelled, name), data={})

        assert "This is not possible in the campaign's present state: Cancelled." in text
        assert status_of(cancelled) == "cancelled"

    def test_a_click_needs_the_token_of_the_page(self, drawn, staff, step):
        client = Client(enforce_csrf_checks=True)
        client.force_login(staff.root)

        assert client.post(step(drawn, "launch")).status_code == 403
        assert status_of(drawn) == "drawn"

    def test_campaigns_are_seen_by_team_and_management_sees_their_figures(
        self, field_work, staff, visit, organisation
    ):
        field_work.programme.team = organisation.east_1
        field_work.programme.save()
        east = field_work.earlier(date(2026, 7, 1))

        def seen(user):
            return {row.pk for row in visit(user, LIST).context["cl"].result_list}

        assert seen(staff.ellen) == seen(staff.ada) == seen(staff.quinn) == seen(staff.max) == {east.pk}
        assert seen(staff.wei) == set()
        assert visit(staff.wei, CHANGE, east.pk).status_code == 404
        assert visit(staff.max, CHANGE, east.pk).status_code == 200
        assert offered(visit(staff.ellen, CHANGE, east.pk)) == []
        assert offered(visit(staff.ada, CHANGE, east.pk)) == ["Draw the sample", "Cancel the campaign"]


class TestList:
    def test_progress_and_score_stand_in_the_row(self, answered, staff, visit):
        text = visit(staff.quinn, LIST).content.decode()

        assert "35 / 10" in text
        assert "42.9" in text

    def test_a_campaign_that_is_not_launched_has_dashes(self, drawn, staff, visit):
        (row,) = visit(staff.quinn, LIST).context["cl"].result_list

        assert row.standing is None

    def test_it_takes_as_many_queries_for_three_campaigns_as_for_one(
        self, answered, field_work, staff, visit
    ):
        visit(staff.root, LIST)
        with CaptureQueriesContext(connection) as one:
            visit(staff.root, LIST)
        field_work.earlier(date(2026, 7, 1))
        field_work.earlier(date(2026, 4, 1))

        with CaptureQueriesContext(connection) as three:
            visit(staff.root, LIST)

        assert len(one) == len(three) <= 19

    def test_a_page_takes_as_many_queries_for_three_strata_as_for_one(self, field_work, staff, visit, noon):
        field_work.serve_many(5)
        campaign = field_work.drawn()
        visit(staff.root, CHANGE, campaign.pk)
        with CaptureQueriesContext(connection) as one:
            visit(staff.root, CHANGE, campaign.pk)
        field_work.serve(segment=field_work.organisation.high_value)
        field_work.serve(channel=field_work.organisation.on_site)
        request_draw(campaign=campaign, at=noon)
        field_work.run()

        with CaptureQueriesContext(connection) as three:
            visit(staff.root, CHANGE, campaign.pk)

        assert campaign.strata.count() == 3
        assert len(one) == len(three) <= 22


@pytest.mark.parametrize("state", CampaignStatus.values)
def test_every_state_has_its_page_in_chinese(field_work, staff, read, noon, state):
    field_work.serve_many(12)
    campaign = field_work.prepared()
    if state not in {"prepared", "cancelled"}:
        request_draw(campaign=campaign, at=noon)
    if state in {"drawn", *LAUNCHED}:
        field_work.run()
    if state in LAUNCHED:
        launch_campaign(campaign=campaign, by=staff.root, at=noon)
    if state == "paused":
        pause_campaign(campaign=campaign, at=noon)
    if state == "closed":
        close_campaign(campaign=campaign, cause=ClosingCause.STAFF, by=staff.root, at=noon)
    if state in {"reached", "exhausted"}:
        Campaign.objects.filter(pk=campaign.pk).update(status=state)
    if state == "cancelled":
        cancel_campaign(campaign=campaign, at=noon)

    text = read(staff.quinn, CHANGE, campaign.pk, language="zh-hans")

    assert status_of(campaign) == state
    assert "公司 · 2026" in text
