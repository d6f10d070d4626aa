import json

from feedback_site.demo.outbox import OutboxReader, read_message

LINK = "http://127.0.0.1:8000/r/abcDEF-_123/"
MAIL = f"""\
From: care@feedback-site.example
To: =?utf-8?b?546L?= <customer-0001@example.com>
Subject: hello
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Please answer: {LINK}
"""


def put_sms(outbox, name: str, *, to: str = "+8612000000001", text: str = f"Please answer: {LINK}") -> None:
    folder = outbox / "sms"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps({"id": name, "to": to, "text": text}), encoding="utf-8")


def put_mail(outbox, name: str) -> None:
    folder = outbox / "email"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.eml").write_text(MAIL, encoding="utf-8")


def test_address_and_link_are_read_from_mail_and_text(tmp_path):
    put_sms(tmp_path, "1")
    put_mail(tmp_path, "2")

    messages = list(OutboxReader(tmp_path).new_messages())

    assert [(message.address, message.link) for message in messages] == [
        ("customer-0001@example.com", LINK),
        ("+8612000000001", LINK),
    ]


def test_each_message_is_yielded_once_and_oldest_first(tmp_path):
    reader = OutboxReader(tmp_path)
    put_sms(tmp_path, "2")
    put_sms(tmp_path, "1")
    first = [message.path.stem for message in reader.new_messages()]
    put_sms(tmp_path, "3")

    second = [message.path.stem for message in reader.new_messages()]

    assert (first, second) == (["1", "2"], ["3"])


def test_a_reader_may_skip_what_is_there_already(tmp_path):
    put_sms(tmp_path, "1")
    reader = OutboxReader(tmp_path, skip_existing=True)
    put_sms(tmp_path, "2")

    assert [message.path.stem for message in reader.new_messages()] == ["2"]


def test_a_missing_outbox_is_an_empty_one(tmp_path):
    assert list(OutboxReader(tmp_path / "nowhere").new_messages()) == []


def test_a_file_that_is_no_message_is_passed_over(tmp_path):
    put_sms(tmp_path, "1")
    (tmp_path / "sms" / "2.json").write_text("{", encoding="utf-8")

    assert read_message(tmp_path / "sms" / "2.json") is None
    assert [message.path.stem for message in OutboxReader(tmp_path).new_messages()] == ["1"]
