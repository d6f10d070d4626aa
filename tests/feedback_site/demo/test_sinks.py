import http.client
import json
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes

import pytest

from feedback_site.delivery.channels.sms import sign
from feedback_site.demo.sinks import running_sinks

SECRET = "test-sms-secret"
TEXT = {"id": "018f-1", "to": "+8613812345678", "text": "您好"}


@pytest.fixture
def sinks(tmp_path):
    with running_sinks(outbox=tmp_path) as sinks:
        yield sinks


def post(sinks, content, *, secret=SECRET, age=0):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    timestamp = str(int(time.time()) - age)
    headers = {"X-Timestamp": timestamp, "X-Signature": sign(secret=secret, timestamp=timestamp, body=body)}
    connection = http.client.HTTPConnection("127.0.0.1", sinks.sms_port, timeout=5)
    connection.request("POST", "/sms", body=body, headers=headers)
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def texts(sinks):
    return [json.loads(path.read_bytes()) for path in sorted((sinks.outbox / "sms").glob("*.json"))]


def test_a_mail_is_kept_as_it_came(sinks):
    with smtplib.SMTP("127.0.0.1", sinks.smtp_port, timeout=5) as server:
        server.sendmail(
            "care@x.example",
            ["ann@y.example"],
            b"Message-ID: <018f-7@x.example>\r\nSubject: Hello\r\n\r\nBody\r\n",
        )

    (path,) = (sinks.outbox / "email").iterdir()
    mail = message_from_bytes(path.read_bytes())
    assert re.fullmatch(r"\d{8}T\d{6}\.\d{9}Z-018f-7\.eml", path.name)
    assert mail["Subject"] == "Hello"
    assert mail.get_payload().strip() == "Body"


def test_mails_are_newest_last_by_name(sinks):
    with smtplib.SMTP("127.0.0.1", sinks.smtp_port, timeout=5) as server:
        for number in range(20):
            server.sendmail(
                "care@x.example", ["ann@y.example"], f"Subject: {number}\r\n\r\nBody\r\n".encode()
            )

    subjects = [
        message_from_bytes(path.read_bytes())["Subject"]
        for path in sorted((sinks.outbox / "email").iterdir())
    ]
    assert subjects == [str(number) for number in range(20)]


def test_a_signed_text_is_kept(sinks):
    answer = post(sinks, TEXT)

    (kept,) = texts(sinks)
    assert answer == (200, {"id": "018f-1"})
    assert {key: kept[key] for key in TEXT} == TEXT


def test_the_same_text_again_is_answered_alike_and_kept_once(sinks):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(sinks, TEXT), range(16)))

    assert answers == [(200, {"id": "018f-1"})] * 16
    assert len(texts(sinks)) == 1


def test_a_restarted_gateway_remembers_what_it_kept(tmp_path):
    with running_sinks(outbox=tmp_path) as sinks:
        post(sinks, TEXT)

    with running_sinks(outbox=tmp_path) as sinks:
        assert post(sinks, TEXT)[0] == 200
        assert len(texts(sinks)) == 1


@pytest.mark.parametrize(
    ("how", "status"), [({"secret": "another"}, 401), ({"age": 301}, 401), ({"age": 299}, 200)]
)
def test_a_wrong_or_old_signature_is_refused(sinks, how, status):
    assert post(sinks, TEXT, **how)[0] == status
    assert len(texts(sinks)) == (status == 200)


@pytest.mark.parametrize(
    "content",
    [
        b"no json",
        [],
        {**TEXT, "id": "../../etc"},
        {**TEXT, "to": "13812345678"},
        {**TEXT, "text": ""},
        {**TEXT, "more": "x"},
        {"id": "1"},
    ],
)
def test_what_is_no_text_is_refused(sinks, content):
    assert post(sinks, content) == (400, {"error": "content"})
    assert texts(sinks) == []


def test_a_body_that_is_too_long_is_refused_unread(sinks):
    with socket.create_connection(("127.0.0.1", sinks.sms_port), timeout=5) as connection:
        connection.sendall(b"POST /sms HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_the_command_says_where_it_listens_and_stops_when_asked(tmp_path):
    command = [sys.executable, "-m", "feedback_site.demo.sinks", "--outbox", str(tmp_path)]
    environment = {
        **os.environ,
        "SMS_GATEWAY_SECRET": SECRET,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        line = process.stdout.readline()
        ports = re.findall(r"127\.0\.0\.1:(\d+)", line)
        for port in ports:
            socket.create_connection(("127.0.0.1", int(port)), timeout=5).close()
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(timeout=10)
        finally:
            process.kill()

    assert status == 0
    assert len(ports) == 2


def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_running(tmp_path):
    with (
        running_sinks(outbox=tmp_path) as sinks,
        pytest.raises(OSError, match="in use"),
        running_sinks(outbox=tmp_path, sms_port=sinks.sms_port),
    ):
        pass
