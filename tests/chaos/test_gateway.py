import json

import pytest

from feedback_site.demo.ports import free_port
from tests.chaos.gateway import Gateway
from tests.chaos.wire import Wire


@pytest.fixture
def gateway():
    gateway = Gateway(free_port(24_500))
    yield gateway
    gateway.shutdown()
    gateway.server_close()


def test_busy_answers_and_doubled_texts_are_counted(gateway):
    wire = Wire(gateway.server_address[1])
    gateway.is_busy = lambda _key, times: times < 1
    body = json.dumps({"id": "m", "to": "+8613900000001", "text": "hello"}).encode()

    statuses = [wire.ask("POST", "/sms", body=body).status for _ in range(3)]
    wire.close()

    assert statuses == [503, 200, 200]
    assert (gateway.refusals["m"], gateway.accepted["m"]) == (1, 2)
