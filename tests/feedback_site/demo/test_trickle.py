import random
import socket
from datetime import UTC, datetime, timedelta

from feedback_site.demo import trickle
from feedback_site.demo.cases import make_case
from feedback_site.demo.ports import free_port, is_free
from feedback_site.demo.profiles import TEAMS


def test_the_first_events_come_at_once_then_one_every_two_seconds_and_later_slower():
    assert trickle.pace(1, 0.5) < 1
    assert trickle.pace(trickle.FIRST_EVENTS, 60) == 2
    assert trickle.pace(5000, trickle.SLOW_AFTER_SECONDS + 1) == 20


def test_a_case_is_in_order_of_time():
    dice = random.Random(3)  # noqa: S311 - any value will do
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)

    for team in TEAMS:
        case = make_case(number="X", team=team, ended_at=now, dice=dice)

        assert case.opened_at < case.first_response_at < now == case.completed_at


def test_an_open_case_has_no_end():
    dice = random.Random(3)  # noqa: S311 - any value will do
    case = make_case(number="X", team=TEAMS[0], ended_at=datetime.now(UTC), is_open=True, dice=dice)

    assert not {"completed_at", "is_resolved"} & case.as_json.keys()


def test_slower_teams_respond_later():
    dice = random.Random(3)  # noqa: S311 - any value will do
    now = datetime.now(UTC)

    means = []
    for team in TEAMS:
        cases = [make_case(number="X", team=team, ended_at=now, dice=dice) for _ in range(300)]
        means.append(sum((case.first_response_at - case.opened_at for case in cases), timedelta()) / 300)

    assert means == sorted(means)


def test_a_taken_port_is_passed_over():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert not is_free(port)
        assert free_port(port) > port
