"""One case from its event to its export, through everything that can go wrong.

Then every place is searched for its customer.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
import redis
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from playwright.sync_api import Page, expect
from standardwebhooks.webhooks import Webhook

from feedback_site.accounts.models import AccessLogEntry
from feedback_site.common.clock import database_now
from feedback_site.customers.models import Customer
from feedback_site.demo.forms import read_form
from feedback_site.demo.http import HttpAnswer, TransportError, send
from feedback_site.service_events.models import ServiceEvent
from feedback_site.service_events.services import create_webhook_source
from surveys.models import Response
from tests.journeys.canaries import Canary, found, phone
from tests.journeys.places import Commands, places
from tests.journeys.site import Site, event_of, wait_for
from visits.models import ReturnVisit

pytestmark = pytest.mark.xdist_group("journeys")

NAME, PHONE, EMAIL = "欧阳卡纳瑞", "+8612086420975", "kanarie.vogel@canary.example"
CANARIES = (Canary("name", (NAME,)), phone(PHONE), Canary("email", (EMAIL, EMAIL.partition("@")[0])))
PLANTED = "Positivkontrolle-鸟-7312"
DESK = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"}
BY_SMS = {"external_id": "P-C1", "name": NAME, "phone": PHONE, "email": EMAIL, "language": "zh-hans"}
BY_MAIL = {"external_id": "P-C2", "name": NAME, "email": EMAIL, "language": "en"}
SOURCE = "canary"


class Journey:
    """What was visited and what was answered on the way."""

    def __init__(self, site: Site, page: Page) -> None:
        self.site, self.page = site, page
        self.visited: list[str] = []
        self.pages: list[str] = []
        self.exports: list[bytes] = []
        self.statuses: set[int] = set()
        page.on("request", lambda request: self.visited.append(request.url))

    def keep(self, answer: HttpAnswer) -> HttpAnswer:
        self.statuses.add(answer.status)
        self.pages.append(answer.text)
        return answer

    def post(self, path: str, body: object) -> HttpAnswer:
        return self.keep(self.site.post(path, body))

    def answer(self, link: str, **answers: str) -> HttpAnswer:
        body = urlencode(answers).encode()
        return self.keep(
            send(
                link, method="POST", body=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
            )
        )

    def open(self, path: str) -> None:
        """Open a staff page and keep what it says."""
        response = self.page.goto(f"{self.site.base_url}{path}")
        assert response is not None
        self.statuses.add(response.status)
        self.pages.append(self.page.content())

    def log_in(self, username: str) -> None:
        self.page.context.clear_cookies()
        self.page.goto(f"{self.site.base_url}/admin/")
        self.page.fill('input[name="username"]', username)
        self.page.fill('input[name="password"]', self.site.password)
        self.page.press('input[name="password"]', "Enter")
        self.page.wait_for_url(f"{self.site.base_url}/admin/")


@pytest.fixture
def journey(site, browser) -> Iterator[Journey]:
    context = browser.new_context(**DESK, accept_downloads=True)
    yield Journey(site, context.new_page())
    context.close()


def told_by_webhook(journey: Journey, secret: str, number: str, customer: dict[str, str]) -> None:
    data = event_of(number, customer=customer)
    text = json.dumps(
        {
            "type": "service_event.created",
            "timestamp": datetime.now(UTC).isoformat(),
            "data": {**data, "source": SOURCE},
        }
    )
    for signed, expected in (("something else", 401), (text, 201)):
        headers = {
            "webhook-id": f"msg_{number}",
            "webhook-timestamp": str(int(datetime.now(UTC).timestamp())),
            "webhook-signature": Webhook(secret).sign(f"msg_{number}", datetime.now(UTC), signed),
            "Content-Type": "application/json",
        }
        address = f"{journey.site.base_url}/api/v1/webhooks/service-events/{SOURCE}/"
        assert (
            journey.keep(send(address, method="POST", body=text.encode(), headers=headers)).status == expected
        )


def tell_of_the_event(journey: Journey) -> None:
    """By API, by webhook, wrongly and once more with other content."""
    complaint = {
        "kind": "complaint_handling",
        "channel": "phone",
        "is_complaint": True,
        "consent": {"survey": True, "visit": True},
    }
    event = event_of("P-1", customer=BY_SMS, source=SOURCE, **complaint)
    _source, secret = create_webhook_source(slug=SOURCE, name="Canary", at=database_now())

    assert (
        journey.post(
            "service-events/", {**event, "customer": {**BY_SMS, "phone": f"{PHONE}99999999"}, "team": NAME}
        ).status
        == 400
    )
    assert (
        journey.post(
            "service-events/", {**event, "customer": {**BY_SMS, "email": f"{EMAIL}@"}, "team": NAME}
        ).status
        == 400
    )
    assert journey.post("service-events/", {**event, "kind": PHONE}).status in {400, 422}
    assert journey.post("service-events/", event).status == 201
    assert (
        journey.post(
            "service-events/", {**event, "customer": {**BY_SMS, "name": f"{NAME}二"}, "team": "east-2"}
        ).status
        == 409
    )
    assert (
        journey.post("service-events/", [event_of("P-3", customer=BY_SMS, team="nowhere"), event]).status
        == 207
    )
    told_by_webhook(journey, secret, "P-2", BY_MAIL)


def answer_in_http(journey: Journey) -> str:
    """Badly, well, and then otherwise; return the link."""
    link, by_mail = journey.site.message_to(PHONE).link, journey.site.message_to(EMAIL).link
    page = send(link)
    form = read_form(page.text)
    assert form is not None
    journey.keep(page)

    assert journey.answer(link, **form.hidden, comment=PHONE).status == 422
    journey.pages.pop()  # hands back to customers what they typed themselves
    assert journey.answer(link, **form.hidden, satisfaction="2", resolved="no").status == 200
    assert journey.answer(link, **form.hidden, satisfaction="5", resolved="yes").status == 409
    journey.keep(send(f"{journey.site.base_url}/r/{'A' * 22}/"))
    journey.keep(send(f"{journey.site.base_url}/r/{NAME.encode().hex()}/"))
    journey.keep(send(by_mail))
    return by_mail


def reveal_on_the_visit(journey: Journey) -> None:
    """The caller takes the visit and sees the number, on a page that is not kept."""
    visit = wait_for(
        lambda: (
            ReturnVisit.objects.open()
            .filter(service_event__external_id="P-1", assignee__isnull=False)
            .first()
        )
    )
    now = database_now()
    ReturnVisit.objects.filter(pk=visit.pk).update(
        due_from=now, next_attempt_at=now - timedelta(seconds=1), due_at=now + timedelta(hours=8)
    )
    journey.log_in(visit.assignee.username)
    journey.open(f"/admin/visits/returnvisit/{visit.pk}/visit/")
    journey.page.get_by_role("button", name="Start the call").click()
    journey.page.get_by_role("button", name="View number").click()
    expect(journey.page.get_by_role("link", name=PHONE)).to_be_visible()


def find_and_reveal_the_customer(journey: Journey) -> None:
    """Quality management finds the customer by the phone and sees the contact.

    They are refused a note that holds it.
    """
    customer = Customer.objects.get(external_id="P-C1")
    journey.log_in("quality")
    journey.open("/admin/customers/customer/")
    for term in (PHONE, EMAIL, NAME):
        journey.page.fill("#searchbar", term)
        with journey.page.expect_navigation():
            journey.page.press("#searchbar", "Enter")
        journey.pages.append(journey.page.content())
    journey.open(f"/admin/customers/customer/{customer.pk}/contact/")
    journey.page.check('input[value="other"]')
    journey.page.fill('input[name="note"]', f"call {PHONE}")
    journey.page.click("button.button-primary")
    expect(journey.page.get_by_role("alert")).to_be_visible()  # this page too hands back what was typed
    journey.page.fill('input[name="note"]', "brings a lost key back")
    journey.page.click("button.button-primary")
    expect(journey.page.get_by_role("link", name=PHONE)).to_be_visible()
    for page in (
        "customers/customer",
        "service_events/serviceevent",
        "delivery/message",
        "visits/returnvisit",
        "accounts/accesslogentry",
    ):
        journey.open(f"/admin/{page}/")
    journey.open(f"/admin/customers/customer/{customer.pk}/history/")


def take_the_rows_away(journey: Journey) -> None:
    """As files of lists, and by the API."""
    for rows in ("service_events/serviceevent", "visits/returnvisit", "surveys/invitation"):
        page = journey.page
        page.goto(
            f"{journey.site.base_url}/admin/{rows}/export/?q=P-"
        )  # other journeys leave more rows than one request exports
        with page.expect_download() as download:
            page.click("button.button-primary")
        journey.exports.append(Path(download.value.path()).read_bytes())
    headers = {"Authorization": f"Api-Key {journey.site.api_key}"}
    for path in ("service-events/", "invitations/", "responses/", "visits/", "service-events/?customer=P-C1"):
        journey.keep(send(f"{journey.site.base_url}/api/v1/{path}", headers=headers))


@contextmanager
def without_table(name: str) -> Iterator[None]:
    """Let everything that reads a table fail for the block."""
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE {name} RENAME TO "{name}_away"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{name}_away" RENAME TO {name}')


@contextmanager
def without_database() -> Iterator[None]:
    """Refuse every connection for the block and end those there are."""
    name = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
    try:
        yield
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def break_things(journey: Journey, link: str) -> None:
    """Errors of every kind, while the customer's data is on its way."""
    event = event_of("P-4", customer=BY_SMS, source=SOURCE)
    with without_table("customers_customer"):
        assert journey.post("service-events/", event).status == 500
        journey.open("/admin/customers/customer/")
    with without_table("surveys_response"):
        assert journey.answer(link, satisfaction="4", resolved="yes").status == 500
    with without_database():
        assert journey.answer(link, satisfaction="4", resolved="yes").status == 503
        assert journey.post("service-events/", event).status == 503
    journey.open("/admin/customers/customer/0193e2f0-0000-7000-8000-000000000000/contact/")
    # The connections of before are all gone, and no request is to notice.
    assert {journey.post("service-events/", event).status for _ in range(20)} <= {200, 201}
    assert wait_for(lambda: _reached(journey, link)) == 200


def _reached(journey: Journey, link: str) -> int:
    try:
        status = journey.answer(link, satisfaction="4", resolved="yes").status
    except TransportError:
        return 0
    return status if status < 500 else 0


def walk(journey: Journey) -> None:
    tell_of_the_event(journey)
    link = answer_in_http(journey)
    reveal_on_the_visit(journey)
    find_and_reveal_the_customer(journey)
    take_the_rows_away(journey)
    break_things(journey, link)


@contextmanager
def planted(journey: Journey) -> Iterator[None]:
    """Leave the word in every place, as a leak would."""
    site, word = journey.site, PLANTED
    log, mail, text = (
        site.folder / "logs" / "planted.log",
        site.outbox / "email" / "planted.eml",
        site.outbox / "sms" / "planted.json",
    )
    log.write_text(json.dumps({"event": f"failed for {word}"}))
    mail.write_text(f"To: reader@canary.example\nX-Customer: {word}\n\nHello\n")
    text.write_text(
        json.dumps({"id": "planted", "to": "+8612000000000", "text": "", "path": f"/sms?to={word}"})
    )
    session = SessionStore()
    session["found"] = f"{word} {'x' * 4000}"
    session.save()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE planted AS SELECT 1 AS id, %s::bytea AS content", [word.encode()])
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.rpush("planted", json.dumps({"name": word}))
        journey.visited.append(f"{site.base_url}/?q={word}")
        journey.pages.append(f"<p>{word}</p>")
        journey.exports.append(word.encode("gbk"))
        yield
        client.delete("planted")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE planted")
    session.delete()
    for file in (log, mail, text):
        file.unlink()


def test_a_customer_is_found_nowhere_but_where_they_belong(journey, site):
    commands = Commands()

    def searched():
        return places(
            folder=site.folder,
            outbox=site.outbox,
            commands=commands,
            visited=journey.visited,
            pages=journey.pages,
            exports=journey.exports,
        )

    with commands.listening():
        walk(journey)
        hits = found(CANARIES, searched())
        with planted(journey):
            control = found([Canary("planted", (PLANTED,))], searched())

    assert hits == {}
    # The journey really happened, and the same search finds what is there.
    assert journey.statuses >= {200, 201, 207, 400, 404, 409, 422, 500, 503}
    assert (
        AccessLogEntry.objects.filter(
            action="contact_revealed", subject_id=str(Customer.objects.get(external_id="P-C1").pk)
        ).count()
        == 2
    )
    assert Response.objects.filter(invitation__service_event__external_id__in=["P-1", "P-2"]).count() == 2
    assert ServiceEvent.objects.filter(source=SOURCE).count() == 3
    assert len(journey.exports) == 4
    assert any("deliver_messages" in command for command in commands.heard)
    assert set(control) == set(searched()) - (
        {"database files"} if not list(searched()["database files"]) else set()
    )
    for place in ("rows", "database files"):
        assert found([Canary("mask", ("****75",))], {place: searched()[place]}) or place not in control
