"""`manage.py verify`: holds on honest rows, and turns red for one tampered row per check."""

# ruff: noqa: S608 - statements are made of ids that this module made

import io

import pytest
from django.core.management import call_command

from feedback_site.common.clock import database_now
from feedback_site.conservation.checks import CHECKS
from feedback_site.conservation.ledger import read_ledger
from feedback_site.conservation.running import run_checks
from feedback_site.voice.enums import EntryKind
from feedback_site.voice.services import EntryDraft, receive_entry, submission_key
from tests.factories.conservation.tampering import red_checks, tamper
from tests.factories.conservation.world import COMPLETED, FED, MONTH, QUARTER


def test_honest_rows_pass_every_check(world):
    results = run_checks()

    assert [(result.check.slug, result.faults) for result in results] == [
        (check.slug, ()) for check in CHECKS
    ]


def test_ledger_counts_each_event_in_its_state_and_sums_to_all(world):
    ledger = read_ledger()

    assert ledger.states == {
        "answered": 2,
        "voided": 1,
        "sent": 2,
        "uncertain": 1,
        "failed": 1,
        "suppressed": 1,
        "missed": 1,
        "queued": 2,
        "withheld": 1,
        "undecided": 1,
        "not_completed": 1,
    }
    assert ledger.reasons == {"no_consent": 1}
    assert ledger.events == 14
    assert ledger.is_complete


def test_responses_that_wait_for_the_tally_are_not_missed(world):
    world.invite("answered just now", is_queued=True, answered_at=COMPLETED)
    world.message("answered just now", status="sent")
    world.answer("answered just now", satisfaction=4, nps=8)
    tamper(
        "INSERT INTO surveys_pendingtally (response_id) VALUES "
        f"('{world.invitations['answered just now'].id}')"
    )

    assert red_checks() == {}


def test_an_invitation_whose_message_is_gone_leaves_its_event_without_a_state(world):
    tamper(
        "ALTER TABLE delivery_messageattempt DISABLE TRIGGER USER",
        f"DELETE FROM delivery_messageattempt WHERE message_id = '{world.messages['sent'].id}'",
        f"DELETE FROM delivery_message WHERE id = '{world.messages['sent'].id}'",
    )

    assert red_checks() == {
        "events_in_one_state": [str(world.events["sent"].id)],
        "invitations_with_one_first_message": [str(world.invitations["sent"].id)],
    }
    assert not read_ledger().is_complete


def test_a_decision_with_both_outcomes_is_found(world):
    tamper(
        "ALTER TABLE surveys_eventdecision DROP CONSTRAINT eventdecision_is_an_invitation_or_a_reason",
        "UPDATE surveys_eventdecision SET reason = 'too_old' WHERE service_event_id = "
        f"'{world.events['sent'].id}'",
    )

    assert red_checks() == {"decisions_with_one_outcome": [str(world.events["sent"].id)]}


def test_a_decision_that_points_at_another_events_invitation_is_found(world):
    tamper(
        "ALTER TABLE surveys_eventdecision DROP CONSTRAINT surveys_eventdecision_invitation_id_key",
        f"UPDATE surveys_eventdecision SET invitation_id = '{world.invitations['failed'].id}'"
        f" WHERE service_event_id = '{world.events['missed'].id}'",
    )

    assert red_checks() == {
        "decisions_with_one_outcome": sorted(
            [str(world.events["missed"].id), str(world.invitations["missed"].id)]
        ),
    }


def test_answers_collected_elsewhere_are_answered_events_like_others(world):
    world.take_in("on paper")

    assert red_checks() == {}
    assert (read_ledger().states["answered"], read_ledger().is_complete) == (3, True)


def test_an_answer_collected_elsewhere_waits_for_the_events_completion_undecided(world):
    world.take_in("early", status="open", is_decided=False)

    assert red_checks() == {}
    assert read_ledger().states["not_completed"] == 2


def test_an_answer_collected_elsewhere_beside_another_decision_is_found(world):
    invitation = world.take_in("on paper", is_decided=False)
    world.decide("on paper", reason="no_consent")

    assert red_checks() == {"decisions_with_one_outcome": [str(invitation.id)]}


def test_an_answer_from_nowhere_is_found(world):
    invitation = world.take_in("on paper")
    tamper("ALTER TABLE surveys_responsesource DISABLE TRIGGER USER", "DELETE FROM surveys_responsesource")

    assert red_checks() == {"answers_from_elsewhere_have_a_source": [str(invitation.id)]}


def test_an_imported_invitation_without_its_answer_is_found(world):
    invitation = world.invite("nothing said", origin="imported", is_in_headline=False)

    assert red_checks() == {"answers_from_elsewhere_have_a_source": [str(invitation.id)]}


def test_a_fall_back_takes_the_place_of_a_failed_first_message(world):
    world.fall_back("failed")

    assert red_checks() == {}


def test_a_second_first_message_is_found(world):
    world.fall_back("queued")

    assert red_checks() == {"invitations_with_one_first_message": [str(world.invitations["queued"].id)]}


def test_a_message_of_an_invitation_that_was_not_handed_over_is_found(world):
    world.message("not handed over yet", status="queued")

    assert red_checks() == {
        "invitations_with_one_first_message": [str(world.invitations["not handed over yet"].id)]
    }


def test_an_answered_invitation_that_lost_its_response_is_found(world):
    tamper(f"UPDATE surveys_invitation SET answered_at = now() WHERE id = '{world.invitations['sent'].id}'")

    assert red_checks() == {"responses_of_answered_invitations": [str(world.invitations["sent"].id)]}


def test_a_tally_that_differs_by_one_is_found(world):
    tamper("UPDATE surveys_responsetally SET count = count + 1 WHERE measure = 'satisfaction' AND value = 5")

    assert list(red_checks()) == ["tallies_equal_responses"]


def test_a_missing_tally_is_found(world):
    tamper("DELETE FROM surveys_responsetally WHERE measure = 'nps' AND value = 3")

    assert list(red_checks()) == ["tallies_equal_responses"]


def test_an_agents_tally_that_differs_by_one_is_found(world):
    tamper("UPDATE surveys_agenttally SET count = count - 1 WHERE measure = 'response'")

    assert list(red_checks()) == ["agent_tallies_equal_responses"]


@pytest.mark.parametrize("slug", FED)
def test_an_indicators_tally_that_is_missing_is_found(world, slug):
    tamper(
        "DELETE FROM surveys_indicatortally WHERE value > 0"
        f" AND indicator_id = (SELECT id FROM evaluations_indicator WHERE slug = '{slug}')"
    )

    assert list(red_checks()) == ["indicator_tallies_equal_responses"]


def test_a_measurement_that_differs_from_the_answers_that_feed_it_is_found(world):
    tamper(
        "UPDATE evaluations_measurement SET value = 51 WHERE period_kind = 'month'"
        f" AND team_id = {world.organisation.east_1.id}"
        " AND indicator_id = (SELECT id FROM evaluations_indicator WHERE slug = 'customer_known')"
    )

    assert red_checks() == {
        "measurements_equal_responses": [f"customer_known team {world.organisation.east_1.id} month {MONTH}"]
    }


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE evaluations_measurement SET n = 3",
        "UPDATE evaluations_measurement SET value = 3.6",
        "DELETE FROM evaluations_measurement",
    ],
)
@pytest.mark.parametrize(("kind", "start"), [("month", MONTH), ("quarter", QUARTER)])
def test_a_measurement_that_differs_from_the_ratings_is_found(world, change, kind, start):
    tamper(
        f"{change} WHERE team_id = {world.organisation.east.id} AND period_kind = '{kind}'"
        " AND indicator_id = (SELECT id FROM evaluations_indicator WHERE slug = 'customer_satisfaction')"
    )

    assert red_checks() == {
        "measurements_equal_responses": [
            f"customer_satisfaction team {world.organisation.east.id} {kind} {start}"
        ]
    }


def test_a_message_that_left_twice_is_found(world):
    world.attempt("sent", outcome="accepted", code="202")

    assert red_checks() == {"messages_sent_once": [str(world.messages["sent"].id)]}


def test_an_sms_tried_again_after_an_unknown_outcome_is_found(world):
    world.attempt("uncertain", outcome="uncertain", code="timeout")

    assert red_checks() == {"messages_sent_once": [str(world.messages["uncertain"].id)]}


def test_two_messages_of_one_key_are_found(world):
    tamper(
        "ALTER TABLE delivery_message DROP CONSTRAINT message_is_sent_once_per_step_and_channel",
        f"UPDATE delivery_message SET subject_id = '{world.invitations['failed'].id}', status = 'failed'"
        f" WHERE id = '{world.messages['missed'].id}'",
    )

    assert "messages_sent_once" in red_checks()


def test_sending_without_a_lease_is_found(world):
    tamper(
        "ALTER TABLE delivery_message DROP CONSTRAINT message_is_leased_while_sending",
        f"UPDATE delivery_message SET status = 'sending' WHERE id = '{world.messages['queued'].id}'",
    )

    assert red_checks() == {"sending_is_leased": [str(world.messages["queued"].id)]}


def test_a_replayed_message_that_met_a_gateway_is_found(world):
    tamper(
        "UPDATE delivery_messageattempt SET code = '202' WHERE message_id = "
        f"'{world.messages['replayed'].id}'"
    )

    assert red_checks() == {"replayed_stays_here": [str(world.messages["replayed"].id)]}


def test_a_replayed_message_that_may_leave_is_found(world):
    tamper(f"UPDATE delivery_message SET is_local_only = false WHERE id = '{world.messages['replayed'].id}'")

    assert red_checks() == {"replayed_stays_here": [str(world.messages["replayed"].id)]}


def test_command_prints_the_ledger_and_succeeds(world):
    output = io.StringIO()

    call_command("verify", stdout=output, no_color=True)

    lines = output.getvalue().splitlines()
    assert "  answered               2" in lines
    assert "    no_consent           1" in lines
    assert sum(line.startswith("ok ") for line in lines) == len(CHECKS)


def test_command_names_the_rows_at_fault_and_exits_with_1(world):
    world.attempt("sent", outcome="accepted", code="202")
    output = io.StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("verify", stdout=output, no_color=True)

    assert ended.value.code == 1
    assert (
        f"       {world.messages['sent'].id}: sent, 2 accepted, 0 uncertain attempts"
        in output.getvalue().splitlines()
    )


def test_at_most_ten_rows_at_fault_are_named_and_the_rest_counted(world):
    for number in range(12):
        world.invite(f"odd {number}")
    tamper("UPDATE surveys_invitation SET is_queued = true WHERE NOT is_queued AND voided_at IS NULL")

    result = next(
        result for result in run_checks() if result.check.slug == "invitations_with_one_first_message"
    )

    assert result.fault_count == 13
    assert len(result.faults) == 10


@pytest.fixture
def complaint(world):
    """A complaint that a customer sent, with its case."""
    draft = EntryDraft(kind=EntryKind.COMPLAINT, text="Late")
    key = submission_key(number="1", draft=draft)
    return receive_entry(draft=draft, key=key, language="en", at=database_now()).entry


def test_a_complaint_whose_case_is_gone_or_another_is_named(complaint):
    assert red_checks() == {}
    tamper(
        "UPDATE service_events_serviceevent SET external_id = 'other' WHERE id = "
        f"'{complaint.service_event_id}'"
    )

    assert red_checks() == {"complaints_are_cases": [str(complaint.pk)]}


def test_a_case_whose_complaint_was_lost_is_named(complaint):
    tamper(f"DELETE FROM voice_voiceentry WHERE id = '{complaint.pk}'")

    assert red_checks() == {"complaints_are_cases": [str(complaint.service_event_id)]}
