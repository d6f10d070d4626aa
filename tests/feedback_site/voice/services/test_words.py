"""What is written about an entry is stored masked.

Staff open it for a reason, and old entries are masked too.
"""

import io

import pgtrigger
import pytest
from django.core.management import call_command
from django.urls import reverse

from feedback_site.customers.services import texts_as_written
from feedback_site.voice.models import VoiceEntry, VoiceStep
from feedback_site.voice.services import accept_entry
from tests.factories.words import SAID, shown, tables_in_clear

pytestmark = pytest.mark.django_db
CONTACT = {"name": "王小明", "phone": "+8613800000104", "may_contact": True}
REPLY = shown(hotline="400-800-8888")


@pytest.fixture
def entry(receive, staff, noon):
    entry = receive(text=SAID, ticket_number="138 0000 0104", **CONTACT)
    return accept_entry(entry=entry, by=staff.ada, text=SAID, at=noon)


def written(kind, row):
    return texts_as_written(kind=kind, subject_ids=[row.pk]).get(str(row.pk))


def test_entries_and_replies_are_masked_and_hotlines_of_staff_stay(entry):
    stored, step = VoiceEntry.objects.get(), VoiceStep.objects.get()

    assert (stored.text, stored.ticket_number, step.text) == (shown(), "***", REPLY)
    assert (written("voice_entry", entry), written("voice_step", step)) == (
        {"text": SAID, "ticket_number": "138 0000 0104"},
        {"text": SAID},
    )
    assert tables_in_clear() == []


def test_the_same_form_again_is_the_same_entry(entry, receive):
    assert receive(text=SAID, ticket_number="138 0000 0104", **CONTACT) == entry


def test_old_entries_and_steps_are_masked_once(entry):
    step = VoiceStep.objects.get()
    with pgtrigger.ignore("voice.VoiceStep:facts_are_only_added"):
        VoiceStep.objects.update(text=SAID)
    VoiceEntry.objects.update(text=SAID)

    for _run in range(2):
        call_command("mask_words", stdout=io.StringIO())

    assert (VoiceEntry.objects.get().text, VoiceStep.objects.get().text) == (shown(), REPLY)
    assert written("voice_step", step) == {"text": SAID}


@pytest.mark.parametrize("kind", ["voice_entry", "voice_step"])
def test_the_words_are_opened_for_a_reason_by_those_who_see_the_entry(entry, kind, staff, client):
    row = {"voice_entry": entry, "voice_step": VoiceStep.objects.get()}[kind]
    page = reverse("admin:customers_words", args=[kind, row.pk])
    got = {}
    for who in ("ada", "wei"):
        client.force_login(getattr(staff, who))
        got[who] = client.post(page, {"reason": "complaint"})

    assert {who: reply.status_code for who, reply in got.items()} == {"ada": 200, "wei": 404}
    assert "138 0000 0104" in got["ada"].content.decode()
