"""Who opens masked words, how, and what is on record of it; where else they do not stand."""

import pytest
from django.test import Client
from django.urls import reverse

from feedback_site.accounts.models import AccessLogEntry
from feedback_site.customers.services import word_subjects
from surveys.models import Response
from surveys.services.responses.answering import Submission, submit_responses
from tests.factories.cases import NOON
from tests.factories.questionnaires.documents import QUESTIONS, publish
from tests.factories.surveys.links import invite

pytestmark = pytest.mark.django_db
PHONE = "13800000104"


def enter(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def response(organisation):
    """An answer of the eastern station with a phone number in it."""
    link = invite(organisation, publish(QUESTIONS))
    submit_responses(
        [Submission(link.invitation.pk, {"overall": 4, "comment": f"ring {PHONE}"}, None, None, "en")],
        at=NOON,
    )
    return Response.objects.get(pk=link.invitation.pk)


def page_of(response):
    return reverse("admin:customers_words", args=["response", response.pk])


def test_masked_words_are_shown_once_for_a_reason_and_on_record(staff, response):
    ellen = enter(staff.ellen)
    before = AccessLogEntry.objects.count()
    asked = ellen.get(page_of(response)).content.decode()

    shown = ellen.post(page_of(response), {"reason": "case"})

    assert PHONE not in asked
    assert (
        shown.status_code,
        PHONE in shown.content.decode(),
        "no-store" in shown.headers["Cache-Control"],
    ) == (200, True, True)
    entry = AccessLogEntry.objects.latest("pk")
    assert AccessLogEntry.objects.count() == before + 1
    assert (entry.action, entry.subject_kind, entry.subject_id) == (
        "words_opened",
        "response",
        str(response.pk),
    )
    assert (entry.team_id, entry.details) == (response.invitation.team_id, {"reason": "case"})


@pytest.mark.parametrize("fields", [{}, {"reason": "curiosity"}, {"reason": "other", "note": ""}])
def test_without_a_good_reason_nothing_is_shown_or_recorded(staff, response, fields):
    before = AccessLogEntry.objects.count()

    shown = enter(staff.ellen).post(page_of(response), fields)

    assert (shown.status_code, PHONE in shown.content.decode()) == (400, False)
    assert AccessLogEntry.objects.count() == before


@pytest.mark.parametrize(("who", "status"), [("wei", 404), ("vera", 404), ("max", 403)])
def test_other_teams_and_roles_get_nothing(staff, response, who, status):
    client = enter(getattr(staff, who))

    assert [
        client.get(page_of(response)).status_code,
        client.post(page_of(response), {"reason": "case"}).status_code,
    ] == [status, status]


@pytest.mark.parametrize("subject", [("response", "nonsense"), ("nonsense", "1"), ("draft", "1")])
def test_what_is_nothing_is_not_found(staff, subject):
    assert enter(staff.root).get(reverse("admin:customers_words", args=subject)).status_code == 404


@pytest.mark.parametrize("kind", sorted(word_subjects._finders))
def test_no_kind_trips_over_a_subject_that_it_does_not_know(staff, kind):
    page = reverse("admin:customers_words", args=[kind, "0190b5a0-0000-7000-8000-000000000000"])

    assert enter(staff.root).get(page).status_code == 404


def test_looks_count_towards_the_limit_of_all_looks(staff, response, settings):
    settings.CONTACT_REVEALS_PER_HOUR = 1
    ellen = enter(staff.ellen)

    assert [ellen.post(page_of(response), {"reason": "case"}).status_code for _look in range(2)] == [200, 429]


def test_the_page_of_the_answer_shows_masks_and_leads_to_the_words(staff, response):
    page = (
        enter(staff.ellen).get(reverse("admin:surveys_response_change", args=[response.pk])).content.decode()
    )

    assert (PHONE in page, "ring ***" in page, "open-words" in page) == (False, True, True)


def test_a_page_without_masked_words_leads_nowhere(staff, organisation):
    link = invite(organisation, publish(QUESTIONS))
    submit_responses([Submission(link.invitation.pk, {"overall": 4}, None, None, "en")], at=NOON)

    page = (
        enter(staff.ellen)
        .get(reverse("admin:surveys_response_change", args=[link.invitation.pk]))
        .content.decode()
    )

    assert "open-words" not in page
