"""Who opens customers' files, how, and what is on record of it."""

import pytest
from django.test import Client
from django.urls import reverse

from feedback_site.accounts.enums import AccessReason
from feedback_site.accounts.models import AccessLogEntry
from feedback_site.common.exceptions import DomainError, NotFoundError
from feedback_site.conservation.access_log import broken_seals
from feedback_site.customers.enums import FileType
from feedback_site.customers.services import keep_file, open_file
from surveys.models import ResponseFile
from surveys.services.files import open_response_file
from tests.factories.cases import NOON, ask, write_case
from tests.factories.questionnaires.documents import publish
from tests.factories.surveys.links import invite

pytestmark = pytest.mark.django_db
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


@pytest.fixture
def file(organisation):
    case = write_case(
        organisation=organisation, asked=ask(organisation), team=organisation.east_1, canary="canary"
    )
    return case.of(ResponseFile)


def enter(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def page_of(file):
    return reverse("admin:surveys_responsefile_open", args=[file.pk])


def test_a_file_is_downloaded_for_a_reason_and_on_record(staff, file):
    ellen = enter(staff.ellen)
    assert b"canary" not in ellen.get(page_of(file)).content.partition(b"<h2>")[2].partition(b"</h2>")[2]
    before = AccessLogEntry.objects.count()

    sent = ellen.post(page_of(file), {"reason": "case"})

    assert (sent.status_code, sent.content, sent.headers["Content-Type"]) == (200, b"canary", "text/plain")
    assert sent.headers["Content-Disposition"] == f'attachment; filename="{file.pk}.txt"'
    assert sent.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (sent.headers["X-Content-Type-Options"], "no-store" in sent.headers["Cache-Control"]) == (
        "nosniff",
        True,
    )
    entry = AccessLogEntry.objects.latest("pk")
    assert AccessLogEntry.objects.count() == before + 1
    assert (entry.action, entry.subject_id, entry.team_id) == (
        "file_opened",
        str(file.pk),
        file.invitation.team_id,
    )
    assert entry.details == {"reason": "case", "response": str(file.invitation_id), "question": "canary"}
    assert list(broken_seals()) == []


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"reason": "curiosity"},
        {"reason": "other", "note": ""},
        {"reason": "other", "note": "13812345678"},
    ],
)
def test_without_a_good_reason_nothing_is_sent_or_recorded(staff, file, fields):
    before = AccessLogEntry.objects.count()

    sent = enter(staff.ellen).post(page_of(file), fields)

    assert sent.status_code == 400
    assert AccessLogEntry.objects.count() == before


@pytest.mark.parametrize(("who", "status"), [("wei", 404), ("vera", 404), ("max", 403)])
def test_other_teams_and_roles_get_nothing(staff, file, who, status):
    client = enter(getattr(staff, who))

    assert [
        client.get(page_of(file)).status_code,
        client.post(page_of(file), {"reason": "case"}).status_code,
    ] == [status, status]


def test_the_service_itself_opens_nothing_out_of_scope(staff, file):
    for stranger in (staff.wei, staff.vera, staff.max):
        with pytest.raises(NotFoundError):
            open_response_file(file_id=file.pk, by=stranger, reason=AccessReason.CASE, at=NOON)


def test_looks_at_files_and_contacts_count_towards_one_limit(staff, file, settings):
    settings.CONTACT_REVEALS_PER_HOUR = 1
    ellen = enter(staff.ellen)

    assert [ellen.post(page_of(file), {"reason": "case"}).status_code for _look in range(2)] == [200, 429]


def test_what_was_not_submitted_no_colleague_sees(staff, file):
    ResponseFile.objects.update(submitted_at=None)
    root = enter(staff.root)

    assert root.post(page_of(file), {"reason": "case"}).status_code == 404
    assert str(file.pk) not in root.get(reverse("admin:surveys_responsefile_changelist")).content.decode()


def test_the_response_leads_to_its_files(staff, file):
    page = (
        enter(staff.ellen)
        .get(reverse("admin:surveys_response_change", args=[file.invitation_id]))
        .content.decode()
    )

    assert reverse("admin:surveys_responsefile_change", args=[file.pk]) in page


def test_pages_about_files_do_not_read_what_these_hold(staff, file, django_assert_max_num_queries):
    ellen, ids = enter(staff.ellen), {"responsefile": file.pk, "response": file.invitation_id}
    pages = [reverse(f"admin:surveys_{name}_change", args=[pk]) for name, pk in ids.items()]
    pages += [page_of(file), reverse("admin:surveys_responsefile_changelist")]

    for page in pages:
        with django_assert_max_num_queries(40) as asked:
            assert ellen.get(page).status_code == 200
        assert any('"customers_sealedfile"."size"' in one["sql"] for one in asked.captured_queries)
        assert not any("content_sealed" in one["sql"] for one in asked.captured_queries)


def test_a_file_that_was_changed_behind_our_back_is_not_opened(staff, file):
    other = keep_file(content=SVG, content_type=FileType.SVG, at=NOON)
    other.content_sealed = file.file.content_sealed

    with pytest.raises(DomainError, match="sealed"):
        open_file(file=other, by=staff.root, reason=AccessReason.CASE, team_id=None, at=NOON)


def test_a_signature_is_sent_as_a_drawing_that_runs_nothing(staff, organisation):
    link = invite(organisation, publish())
    drawing = keep_file(content=SVG, content_type=FileType.SVG, at=NOON)
    more = {"question_key": "sign", "fingerprint": "a" * 32, "arrived_at": NOON, "submitted_at": NOON}
    file = ResponseFile.objects.create(file=drawing, invitation=link.invitation, **more)

    sent = enter(staff.ellen).post(page_of(file), {"reason": "case"})

    assert (sent.headers["Content-Type"], sent.headers["Content-Disposition"].startswith("attachment")) == (
        "image/svg+xml",
        True,
    )
    assert "sandbox" in sent.headers["Content-Security-Policy"]
