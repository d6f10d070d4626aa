"""Real SMTP conversations with a server that answers as each test tells it to."""

import logging
import re
import socket
import uuid
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from feedback_site.delivery.channels import Envelope, Handover, Result, open_gateway
from feedback_site.delivery.enums import AttemptOutcome, DeliveryChannel
from tests.factories.delivery.fixtures import letter

ACCEPTED, TEMPORARY, PERMANENT, UNCERTAIN = (
    AttemptOutcome.ACCEPTED,
    AttemptOutcome.TEMPORARY,
    AttemptOutcome.PERMANENT,
    AttemptOutcome.UNCERTAIN,
)


class Server:
    """Answers RCPT and DATA as told, by recipient; `hang up` closes the connection instead of answering."""

    def __init__(self):
        self.mails = []
        self.answers = {}
        self.connections = set()

    def _answer(self, server, session, command, address):
        self.connections.add(session.peer)
        answer = self.answers.get((command, address), "")
        if answer == "hang up":
            server.transport.abort()
        return answer

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - the library's hook
        answer = self._answer(server, session, "RCPT", address)
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - the library's hook
        answer = self._answer(server, session, "DATA", envelope.rcpt_tos[0])
        if not answer:
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return answer or "250 OK"


class FreePort(Controller):
    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def server(settings):
    server = Server()
    controller = FreePort(server, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield server
    controller.stop()


def send(*envelopes: Envelope) -> list[Result]:
    with open_gateway(DeliveryChannel.EMAIL) as gateway:
        return [gateway.send(Handover(uuid.uuid4(), envelope)) for envelope in envelopes]


def test_a_mail_carries_both_bodies_its_own_id_and_says_that_it_is_automatic(server, settings):
    settings.DEFAULT_FROM_EMAIL = "Care <care@feedback.example>"
    message_id = uuid.uuid4()
    envelope = Envelope(
        address="ann@customers.example",
        language="zh-hans",
        subject="您对本次服务满意吗？",
        text="谢谢",
        html="<p>谢谢</p>",
        headers={"List-Unsubscribe": "<https://x.example/u>", "Message-ID": "<mine@x>"},
    )

    with open_gateway(DeliveryChannel.EMAIL) as gateway:
        result = gateway.send(Handover(message_id, envelope))

    (mail,) = server.mails
    assert result == Result(ACCEPTED)
    assert mail["Message-ID"] == f"<{message_id}@feedback.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "zh-hans"
    assert mail["List-Unsubscribe"] == "<https://x.example/u>"
    assert mail["Subject"] == "您对本次服务满意吗？"
    assert mail["To"] == "ann@customers.example"
    assert mail.get_body(("plain",)).get_content().strip() == "谢谢"
    assert mail.get_body(("html",)).get_content().strip() == "<p>谢谢</p>"


def test_a_batch_is_one_conversation(server):
    results = send(*[letter(address=f"ann{number}@x.example") for number in range(5)])

    assert results == [Result(ACCEPTED)] * 5
    assert len(server.connections) == 1


@pytest.mark.parametrize(
    ("command", "answer", "expected"),
    [
        ("RCPT", "550 5.1.1 <ann@x.example>: no such user", Result(PERMANENT, "smtp_550 5.1.1")),
        ("RCPT", "450 4.2.1 mailbox busy", Result(TEMPORARY, "smtp_450 4.2.1")),
        ("RCPT", "550 ann@x.example unknown", Result(PERMANENT, "smtp_550")),
        ("DATA", "554 5.7.1 refused", Result(PERMANENT, "smtp_554 5.7.1")),
        ("DATA", "451 4.3.0 try later", Result(TEMPORARY, "smtp_451 4.3.0")),
        ("DATA", "421 4.7.0 closing", Result(TEMPORARY, "smtp_421 4.7.0")),
        ("RCPT", "hang up", Result(TEMPORARY, "lost_SMTPServerDisconnected")),
        ("DATA", "hang up", Result(UNCERTAIN, "lost_SMTPServerDisconnected")),
    ],
)
def test_each_answer_of_the_server_is_understood_and_the_next_mail_goes_out(
    server, command, answer, expected, caplog
):
    caplog.set_level(logging.CRITICAL, "mail.log")
    server.answers[command, "ann@x.example"] = answer

    results = send(letter(address="ann@x.example"), letter(address="bob@x.example"))

    assert results == [expected, Result(ACCEPTED)]
    assert [mail["To"] for mail in server.mails] == ["bob@x.example"]


def test_a_server_that_is_down_is_asked_once_per_batch(settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = closed.getsockname()

    results = send(letter(), letter(), letter())

    assert results == [Result(TEMPORARY, "connect_ConnectionRefusedError")] * 3


def test_a_server_that_does_not_answer_in_time_may_have_the_mail(settings):
    settings.EMAIL_TIMEOUT = 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()

        (result,) = send(letter())

    assert result.outcome is TEMPORARY
    assert re.fullmatch(r"connect_\w+", result.code)


def test_a_line_break_in_an_address_adds_no_header(server):
    (result,) = send(letter(address="ann@x.example\nBcc: all@x.example"))

    assert result == Result(PERMANENT, "bad_message")
    assert server.mails == []


def test_an_envelope_never_shows_what_it_holds():
    assert repr(letter()) == "Envelope(hidden)"
    assert str(Handover(uuid.UUID(int=0), letter())).endswith("envelope=Envelope(hidden))")
