"""From a complaint to a proved improvement.

Asked, answered with 2, gone back to, reopened, repaired, verified.
"""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from feedback_site.accounts.models import AccessLogEntry
from feedback_site.common.clock import database_now
from feedback_site.evaluations.models import Measurement
from feedback_site.improvements.models import ImprovementAction
from feedback_site.service_events.models import ServiceEvent
from surveys.models import Response
from tests.journeys.site import Site, event_of, wait_for
from visits.models import Escalation, ReturnVisit

pytestmark = pytest.mark.xdist_group("journeys")

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "en-GB",
}
DESK = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"}
NUMBER, ADDRESS = "V-1", "+8612088885001"
# The event's agent is a member of staff: everybody but this colleague may ask about the work.
SOURCE, AGENT, AGENT_IS = "demo", "A11", "service"


def log_in(page: Page, site: Site, username: str) -> None:
    page.goto(f"{site.base_url}/admin/")
    page.fill('input[name="username"]', username)
    page.fill('input[name="password"]', site.password)
    page.press('input[name="password"]', "Enter")
    page.wait_for_url(f"{site.base_url}/admin/")


def answer_with_two(page: Page, link: str) -> None:
    page.goto(link)
    page.locator('label:has(input[name="satisfaction"][value="2"])').tap()
    page.locator('label:has(input[name="resolved"][value="no"])').tap()
    page.locator('form[method="post"] button').tap()
    expect(page.locator('input[type="radio"]')).to_have_count(0)


def open_visit() -> ReturnVisit | None:
    return (
        ReturnVisit.objects.open()
        .filter(service_event__external_id=NUMBER, assignee__isnull=False)
        .select_related("assignee")
        .first()
    )


def let_time_pass_until_due() -> None:
    """Working hours go by at once: the visit may be made now."""
    now = database_now()
    ReturnVisit.objects.open().filter(service_event__external_id=NUMBER).update(
        due_from=now - timedelta(minutes=1),
        next_attempt_at=now - timedelta(minutes=1),
        due_at=now + timedelta(hours=8),
    )


def start_call(page: Page, site: Site) -> None:
    """Take the visit from the list of one's own."""
    page.goto(f"{site.base_url}/admin/visits/returnvisit/work/")
    page.locator("table a").first.tap()
    page.get_by_role("button", name="Start the call").tap()
    expect(page.get_by_role("button", name="View number")).to_be_visible()


def record(page: Page, outcome: str, script: dict[str, str] | None = None) -> str:
    """State the outcome, fill the script in, and return what the page says happens next."""
    page.locator(f'input[name="outcome"][value="{outcome}"]').check(force=True)
    for question, value in (script or {}).items():
        page.locator(f'label:has(input[name$="{question}"][value="{value}"])').first.tap()
    page.locator(".call-buttons button", has_text="Record the attempt").tap()
    page.wait_for_url("**/work/**")
    return page.locator("body").inner_text()


def verified(team: str) -> tuple[int, float | None]:
    """Return n and value of the verified resolution rate of a team this month."""
    row = Measurement.objects.filter(
        indicator__slug="verified_resolution_rate", team__code=team, period_kind="month"
    ).first()
    return (row.n, None if row.value is None else float(row.value)) if row else (0, None)


def post_complaint(site: Site) -> None:
    customer = {"external_id": "V-C1", "name": "王小明", "phone": ADDRESS, "language": "zh-hans"}
    consent = {"survey": True, "visit": True}
    complaint = event_of(
        NUMBER,
        customer=customer,
        kind="complaint_handling",
        channel="phone",
        agent=AGENT,
        is_complaint=True,
        consent=consent,
        source=SOURCE,
    )
    assert site.post("service-events/", complaint).status == 201


def call_in_vain(page: Page, site: Site, visit: ReturnVisit) -> None:
    """The first attempt: the number is shown, on record, and no one answers."""
    let_time_pass_until_due()
    start_call(page, site)
    page.get_by_role("button", name="View number").tap()
    expect(page.get_by_role("link", name=ADDRESS)).to_be_visible()
    record(page, "no_answer")

    visit.refresh_from_db()
    assert (
        AccessLogEntry.objects.filter(details__visit=str(visit.pk), actor=f"user:{visit.assignee_id}").count()
        == 1
    )
    assert (visit.attempts_made, visit.status) == (1, "open")
    assert visit.next_attempt_at > database_now()


def find_it_not_resolved(page: Page, site: Site, visit: ReturnVisit) -> Escalation:
    """The second attempt reaches the customer.

    The event is reopened, a person owns the case until a deadline.
    """
    let_time_pass_until_due()
    start_call(page, site)
    record(page, "not_resolved", {"resolved": "no", "satisfaction_now": "2"})

    escalation = Escalation.objects.select_related("problem", "owner").get(visit=visit)
    assert (ServiceEvent.objects.get(external_id=NUMBER).status, escalation.status) == ("reopened", "open")
    assert escalation.owner is not None
    assert escalation.problem is not None
    assert escalation.deadline_at > database_now()
    return escalation


def improve(page: Page, site: Site, escalation: Escalation) -> None:
    """The owner plans an action at a desk and does it; the service system says that the case is fixed."""
    log_in(page, site, escalation.owner.username)
    page.goto(f"{site.base_url}/admin/improvements/problem/{escalation.problem.pk}/change/")
    page.get_by_role("link", name="Plan an action", exact=True).click()
    page.locator('textarea[name="measure"]').fill("Replace the main board and test it for two days")
    page.locator('input[name="due_on"]').fill((datetime.now(UTC) + timedelta(days=3)).date().isoformat())
    page.locator('button[name="_save"], input[name="_save"]').first.click()
    page.get_by_role("button", name="Mark as done").first.click()
    wait_for(lambda: ImprovementAction.objects.filter(problem=escalation.problem, status="done").exists())
    fixed = {
        "source": SOURCE,
        "external_id": NUMBER,
        "type": "completed",
        "at": datetime.now(UTC).isoformat(),
        "is_resolved": True,
    }
    assert site.post("service-events/transitions/", fixed).status in {200, 201}


def test_a_complaint_is_gone_back_to_until_its_repair_is_verified(site, browser):
    cases, before = site.cases("east-1"), verified("east-1")
    phone, desk = browser.new_context(**PHONE), browser.new_context(**DESK)
    page = phone.new_page()

    post_complaint(site)
    answer_with_two(page, site.message_to(ADDRESS).link)
    wait_for(lambda: site.cases("east-1") == cases + 1)
    first = wait_for(open_visit)
    wait_for(lambda: first.sources.count() == 2)  # the complaint and the low score share one visit
    log_in(page, site, first.assignee.username)
    call_in_vain(page, site, first)
    escalation = find_it_not_resolved(page, site, first)
    in_repair = verified("east-1")
    improve(desk.new_page(), site, escalation)
    second = wait_for(open_visit)
    wait_for(lambda: second.sources.count() == 2)  # the new completion and the action to be proved
    let_time_pass_until_due()
    phone.clear_cookies()
    log_in(page, site, second.assignee.username)
    start_call(page, site)
    record(page, "verified_resolved", {"resolved": "yes", "satisfaction_now": "5"})
    wait_for(lambda: verified("east-1") != before)
    phone.close()
    desk.close()

    escalation.refresh_from_db()
    escalation.problem.refresh_from_db()
    action = ImprovementAction.objects.get(problem=escalation.problem)
    answers = Response.objects.filter(invitation__service_event__external_id=NUMBER)
    assert {first.assignee.username, second.assignee.username}.isdisjoint({AGENT_IS})
    assert in_repair == before  # not concluded, so not counted yet
    assert verified("east-1") == (before[0] + 1, 100.0)
    assert (escalation.status, escalation.problem.status, escalation.problem.closing_reason) == (
        "verified",
        "closed",
        "proved",
    )
    assert (action.status, action.proof_visit_id) == ("proved", second.pk)
    assert list(answers.filter(invitation__purpose="survey").values_list("satisfaction", "mode")) == [
        (2, "web")
    ]
    assert sorted(answers.filter(invitation__purpose="visit").values_list("satisfaction", "mode")) == [
        (2, "phone"),
        (5, "phone"),
    ]
    assert site.cases("east-1") == cases + 1
