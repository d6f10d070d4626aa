"""Real HTTP conversations: with the demo's gateway, and with one that answers as each test tells it to."""

import json
import socket
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from feedback_site.delivery.channels import Envelope, Handover, Result, open_gateway, sms
from feedback_site.delivery.enums import AttemptOutcome, DeliveryChannel
from feedback_site.demo.sinks import running_sinks
from tests.factories.delivery.fixtures import PHONE, letter

ACCEPTED, TEMPORARY, PERMANENT, UNCERTAIN = (
    AttemptOutcome.ACCEPTED,
    AttemptOutcome.TEMPORARY,
    AttemptOutcome.PERMANENT,
    AttemptOutcome.UNCERTAIN,
)
TO_ANN = letter(address=PHONE)


def send(*envelopes: Envelope, message_id=None) -> list[Result]:
    with open_gateway(DeliveryChannel.SMS) as gateway:
        return [gateway.send(Handover(message_id or uuid.uuid4(), envelope)) for envelope in envelopes]


@pytest.fixture
def sinks(tmp_path, settings):
    with running_sinks(outbox=tmp_path) as sinks:
        settings.SMS_GATEWAY_URL = sinks.sms_gateway_url
        yield sinks


def test_the_gateway_accepts_what_we_sign_and_gives_it_its_number(sinks):
    message_id = uuid.uuid4()

    results = send(TO_ANN, message_id=message_id)

    (path,) = (sinks.outbox / "sms").iterdir()
    text = json.loads(path.read_bytes())
    assert results == [Result(ACCEPTED, "http_200", provider_id=str(message_id))]
    assert (text["id"], text["to"], text["text"]) == (str(message_id), PHONE, TO_ANN.text)


def test_a_wrong_secret_is_refused(sinks, settings):
    settings.SMS_GATEWAY_SECRET = "another"

    assert send(TO_ANN) == [Result(PERMANENT, "http_401")]


class ScriptedGateway(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), ScriptedHandler)
        self.script = []
        self.connections = 0
        self.requests = 0

    def handle_error(self, request, client_address):
        pass


class ScriptedHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.server.connections += 1

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests += 1
        step = self.server.script.pop(0)
        if step == "hang up":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif step == "say nothing":
            self.connection.recv(1)
            self.close_connection = True
        else:
            status, body = step
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def gateway(settings):
    server = ScriptedGateway()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_address[1]}/v1/send?account=7"
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b'{"id": "G-1"}', Result(ACCEPTED, "http_200", "G-1")),
        (202, b'{"id": 17}', Result(ACCEPTED, "http_202", "17")),
        (200, b"thanks", Result(ACCEPTED, "http_200")),
        (200, b"[]", Result(ACCEPTED, "http_200")),
        (400, b'{"error": "+8613812345678 is on holiday"}', Result(PERMANENT, "http_400")),
        (404, b"", Result(PERMANENT, "http_404")),
        (429, b"", Result(TEMPORARY, "http_429")),
        (302, b"", Result(TEMPORARY, "http_302")),
        (500, b"", Result(TEMPORARY, "http_500")),
        (503, b"", Result(TEMPORARY, "http_503")),
    ],
)
def test_each_answer_of_the_gateway_is_understood(gateway, status, body, expected):
    gateway.script = [(status, body)]

    assert send(TO_ANN) == [expected]


def test_a_batch_is_one_connection(gateway):
    gateway.script = [(200, b"{}")] * 5

    assert send(*[TO_ANN] * 5) == [Result(ACCEPTED, "http_200")] * 5
    assert gateway.connections == 1


def test_a_connection_lost_after_sending_is_uncertain_and_the_next_text_goes_out(gateway):
    gateway.script = ["hang up", (200, b"{}")]

    assert send(TO_ANN, TO_ANN) == [
        Result(UNCERTAIN, "lost_RemoteDisconnected"),
        Result(ACCEPTED, "http_200"),
    ]
    assert gateway.requests == 2


def test_a_gateway_that_does_not_answer_in_time_is_uncertain(gateway, monkeypatch):
    monkeypatch.setattr(sms, "TIMEOUT_SECONDS", 0.2)
    gateway.script = ["say nothing"]

    assert send(TO_ANN) == [Result(UNCERTAIN, "lost_TimeoutError")]


def test_a_gateway_that_is_down_is_asked_once_per_batch(settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{closed.getsockname()[1]}/"

    assert send(TO_ANN, TO_ANN) == [Result(TEMPORARY, "connect_ConnectionRefusedError")] * 2


def test_without_a_gateway_a_text_fails_and_says_so(settings):
    settings.SMS_GATEWAY_URL = ""

    assert send(TO_ANN) == [Result(PERMANENT, "no_gateway")]
