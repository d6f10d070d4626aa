"""`/voice/<reference>/`: where an entry stands, and nothing of what was written in it."""

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from feedback_site.voice.enums import EntryKind
from feedback_site.voice.services import accept_entry, close_entry, decide_suggestion, note_entry

pytestmark = pytest.mark.django_db
PERSON = {"name": "Ann Lee", "phone": "+8613800000001", "may_contact": True, "ticket_number": "T-77"}


def read(client, reference) -> str:
    page = client.get(f"/voice/{reference}/?lang=en")
    assert page.status_code == 200
    return unescape(page.content.decode()).partition("<body>")[2]


def test_a_person_with_the_number_reads_state_and_answers_only(client, receive, staff, noon):
    entry = accept_entry(entry=receive(**PERSON), by=staff.ada, text="We look into it.", at=noon)
    note_entry(entry=entry, by=staff.ada, text="Internal remark", at=noon + timedelta(minutes=5))

    shown = read(client, entry.reference)

    assert "In work" in shown
    assert "We look into it." in shown
    assert f"{timezone.localtime(noon):%Y, %H:%M}</time>" in shown
    for secret in ("The fitter never came.", "Internal remark", "Ann", "A**", "138", "T-77", "ada", "East"):
        assert secret not in shown


@pytest.mark.parametrize(
    "write",
    [
        str.lower,
        lambda number: number.replace("-", ""),
        lambda number: number.replace("-", " "),
        lambda number: f" {number}",
    ],
)
def test_the_number_is_read_as_it_was_meant(client, receive, write):
    entry = receive()

    assert entry.reference in read(client, write(entry.reference))


def test_the_look_up_form_leads_to_the_page(client, receive):
    entry = receive()

    answer = client.get("/voice/", {"reference": entry.reference.lower().replace("-", " "), "lang": "en"})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/voice/{entry.reference}/?lang=en")


def test_every_unknown_number_gets_the_same_page(client, db):
    pages = [
        client.get(f"/voice/{number}/?lang=en")
        for number in ("7KQ3-M01D-2TPA", "0000-0000-0000", "unknown", "%3Cscript%3E", "%00")
    ]

    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    nonsense = client.get("/voice/?reference=../../admin/%0d%0a&lang=en")
    assert nonsense.headers["Location"] == "/voice/unknown/?lang=en"


def test_nothing_is_posted_to_a_number(client, receive):
    assert client.post(f"/voice/{receive().reference}/", {"text": "x"}).status_code == 405


def test_a_decided_suggestion_and_a_closed_complaint_say_so(client, receive, staff, noon):
    complaint = close_entry(entry=receive(), by=staff.ada, text="Repaired.", is_resolved=True, at=noon)
    suggestion = decide_suggestion(
        entry=receive(EntryKind.SUGGESTION), by=staff.ada, is_adopted=True, text="Good idea.", at=noon
    )

    assert '<li class="done now" aria-current="step">Closed' in read(client, complaint.reference)
    assert '<li class="done now" aria-current="step">Adopted' in read(client, suggestion.reference)


def test_praise_is_passed_on_and_never_closed_as_complaints_are(client, receive, staff, noon):
    praise = close_entry(entry=receive(EntryKind.PRAISE), by=staff.ada, text="Thank you.", at=noon)

    page = read(client, praise.reference)

    assert '<li class="done now" aria-current="step">Passed on' in page
    assert "Closed" not in page


def test_a_page_of_a_number_is_not_kept_and_not_indexed(client, receive):
    page = client.get(f"/voice/{receive().reference}/")

    assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")
