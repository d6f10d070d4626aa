"""Staff work on what lies within their scope, step by step, and see what is due."""

from datetime import timedelta

import pytest
from django.urls import reverse

from feedback_site.accounts.enums import Role
from feedback_site.accounts.services import assign_role
from feedback_site.common.clock import database_now
from feedback_site.customers.services import REVEALING
from feedback_site.voice.enums import EntryKind
from feedback_site.voice.models import MonthlySuggestion, PublishedChange, VoiceDesk, VoiceEntry
from feedback_site.voice.services import close_entry, hand_over_entry, publish_change, write_change

pytestmark = pytest.mark.django_db
WORDS = {f"{part}_{language}": "x" for part in ("title", "text") for language in ("en", "zh_hans")}
SAID = {
    f"{part}_{language}": f"{part} {language}" for part in ("said", "did") for language in ("en", "zh_hans")
}
WRITTEN = {part: {"en": f"{part} en", "zh-hans": f"{part} zh"} for part in ("said", "did")}
PERSON = {"name": "Ann Lee", "phone": "+8613800000001", "may_contact": True}


@pytest.fixture
def visit(client):
    """Open an address, or post `data` to it and follow, as a member of staff."""

    def visit(user, name, *args, data=None, **query):
        client.force_login(user)
        client.cookies["django_language"] = "en"
        address = reverse(f"admin:voice_{name}", args=args)
        return client.get(address, query) if data is None else client.post(address, data, follow=True)

    return visit


def test_the_list_shows_what_is_due_and_masks_contacts(visit, staff, receive):
    receive(text="Ring me: 13812345678 or ann.lee@example.com", at=database_now() - timedelta(hours=3))

    page = visit(staff.ada, "voiceentry_changelist").content.decode()

    assert "overdue by 2" in page
    assert "Ring me: *** or ***" in page
    assert "13812345678" not in page
    assert "ann.lee@" not in page


def test_what_is_taken_away_holds_no_contact(visit, staff, receive):
    receive(text="Ring me: 13812345678", at=database_now(), **PERSON)

    file = visit(staff.ada, "voiceentry_export", data={"format": "0"}).content.decode("utf-8-sig")

    assert "Ring me: ***" in file
    assert "A**" in file
    assert "13812345678" not in file
    assert "13800000001" not in file


def test_what_waits_for_too_long_can_be_asked_for(visit, staff, receive):
    now = database_now()
    late, fresh = receive(text="Late", at=now - timedelta(hours=3)), receive(text="Fresh", at=now)
    done = close_entry(entry=receive(text="Done", at=now), by=staff.ada, text="x", at=now)

    def listed(**query):
        page = visit(staff.ada, "voiceentry_changelist", **query).content.decode()
        return {entry for entry in (late, fresh, done) if str(entry.pk) in page}

    assert listed() == {late, fresh, done}
    assert listed(waiting="overdue") == {late}
    assert listed(waiting="unfinished") == {late, fresh}


def test_a_complaint_goes_its_way_by_clicks(visit, staff, receive):
    entry = receive(at=database_now(), **PERSON)

    visit(staff.ada, "voiceentry_accept", entry.pk, data={"text": "On it."})
    visit(staff.ada, "voiceentry_note", entry.pk, data={"text": "Remark"})
    visit(staff.ada, "voiceentry_mark_complex", entry.pk, data={"text": "Hard"})
    visit(staff.ada, "voiceentry_answer", entry.pk, data={"text": "Nearly."})
    page = visit(staff.ada, "voiceentry_close", entry.pk, data={"text": "Done.", "is_resolved": "yes"})

    entry.refresh_from_db()
    assert (entry.state, entry.is_complex, entry.service_event.status) == ("closed", True, "completed")
    for shown in ("The complaint is closed", "On it.", "Remark", "Hard", "Nearly.", "Done.", "A**"):
        assert shown in page.content.decode()
    assert "13800000001" not in page.content.decode()


def test_accepting_proposes_words_in_the_customers_language(visit, staff, receive):
    assert (
        "We have received your complaint"
        in visit(staff.ada, "voiceentry_accept", receive().pk).content.decode()
    )


@pytest.mark.parametrize("data", [{}, {"text": " "}, {"text": "x" * 2001}])
def test_an_empty_or_endless_answer_is_refused_at_its_field(visit, staff, receive, data):
    page = visit(staff.ada, "voiceentry_accept", receive().pk, data=data)

    assert page.status_code == 422
    assert VoiceEntry.objects.get().state == "received"


def test_the_second_of_two_is_told_and_nothing_changes(visit, staff, receive, noon):
    entry = close_entry(entry=receive(), by=staff.ada, text="x", at=noon)

    page = visit(staff.ada, "voiceentry_accept", entry.pk, data={"text": "y"})

    assert "This complaint is accepted already." in page.content.decode()
    assert entry.steps.count() == 1


def test_other_teams_entries_do_not_exist(visit, staff, receive):
    entry = receive()

    assert visit(staff.ellen, "voiceentry_accept", entry.pk).status_code == 404
    assert visit(staff.ellen, "voiceentry_accept", entry.pk, data={"text": "x"}).status_code == 404
    assert VoiceEntry.objects.get().state == "received"


def test_a_station_gives_back_to_the_desk_without_learning_who_that_is(
    visit, staff, receive, organisation, noon
):
    entry = hand_over_entry(entry=receive(), by=staff.quinn, team=organisation.east_1, at=noon)
    page = visit(staff.ellen, "voiceentry_hand_over", entry.pk).content.decode()
    assert "back to the intake team" in page

    visit(staff.ellen, "voiceentry_hand_over", entry.pk, data={"team": "desk"})

    entry.refresh_from_db()
    assert entry.team == organisation.east


def test_a_team_out_of_scope_cannot_be_named(visit, staff, receive, organisation):
    page = visit(staff.ada, "voiceentry_hand_over", receive().pk, data={"team": str(organisation.west_1.pk)})

    assert page.status_code == 422
    assert VoiceEntry.objects.get().team == organisation.east


def test_suggestions_and_praise_have_their_own_steps(visit, staff, receive):
    suggestion, praise = receive(EntryKind.SUGGESTION), receive(EntryKind.PRAISE)

    visit(staff.ada, "voiceentry_review", suggestion.pk, data={"text": ""})
    visit(staff.ada, "voiceentry_decide", suggestion.pk, data={"is_adopted": "yes", "text": "Thank you."})
    visit(staff.ada, "voiceentry_close", praise.pk, data={"text": ""})

    assert list(VoiceEntry.objects.order_by("kind").values_list("kind", "state")) == [
        ("praise", "closed"),
        ("suggestion", "adopted"),
    ]


def test_analysts_read_and_take_no_step(visit, staff, receive):
    analyst, entry = assign_role(user=staff.ada, role=Role.ANALYST, team=staff.ada.team), receive()

    assert visit(analyst, "voiceentry_change", entry.pk).status_code == 200
    assert visit(analyst, "voiceentry_accept", entry.pk, data={"text": "x"}).status_code == 403
    assert not analyst.has_perm(REVEALING)


def test_a_change_is_written_looked_at_published_and_withdrawn(visit, staff, organisation):
    visit(staff.ada, "publishedchange_add", data={"team": organisation.east.pk, **SAID})
    change = PublishedChange.objects.get()
    assert "said zh_hans" in visit(staff.ada, "publishedchange_preview", change.pk).content.decode()

    visit(staff.ada, "publishedchange_publish", change.pk, data={"post": "yes"})
    assert PublishedChange.objects.public().get() == change
    visit(
        staff.ada,
        "publishedchange_change",
        change.pk,
        data={"team": organisation.east.pk, **SAID, "did_en": "Better"},
    )
    assert PublishedChange.objects.public().get().did["en"] == "Better"

    visit(staff.ada, "publishedchange_withdraw", change.pk, data={"post": "yes"})
    assert not PublishedChange.objects.public().exists()


def test_asking_to_publish_publishes_nothing(visit, staff, organisation):
    change = write_change(team=organisation.east, **WRITTEN)

    visit(staff.ada, "publishedchange_publish", change.pk)

    assert not PublishedChange.objects.public().exists()


def test_service_teams_publish_nothing(visit, staff, organisation, noon):
    change = publish_change(change=write_change(team=organisation.east_1, **WRITTEN), at=noon)

    assert visit(staff.ellen, "publishedchange_withdraw", change.pk, data={"post": "yes"}).status_code in {
        403,
        404,
    }
    assert PublishedChange.objects.public().exists()


def test_quality_management_chooses_the_suggestion_of_the_month(visit, staff, receive):
    entry = receive(EntryKind.SUGGESTION)

    refused = visit(
        staff.quinn,
        "monthlysuggestion_add",
        data={"month": "2026-11-20", "entry": entry.pk, "is_quoted": "on", **WORDS},
    )
    assert "The writer did not agree to be quoted" in refused.content.decode()
    visit(staff.quinn, "monthlysuggestion_add", data={"month": "2026-11-20", "entry": entry.pk, **WORDS})

    assert MonthlySuggestion.objects.get().entry == entry
    again = visit(
        staff.quinn, "monthlysuggestion_add", data={"month": "2026-11-01", "entry": entry.pk, **WORDS}
    )
    assert again.status_code == 200
    assert MonthlySuggestion.objects.count() == 1


def test_the_desk_is_moved_by_quality_management_only(visit, staff, desk, organisation):
    visit(staff.quinn, "voicedesk_change", desk.pk, data={"team": organisation.west.pk})
    assert VoiceDesk.objects.get().team == organisation.west

    assert (
        visit(staff.ada, "voicedesk_change", desk.pk, data={"team": organisation.east.pk}).status_code == 403
    )
