import json
import logging

from feedback_site.common.redaction import redact, redact_event


def test_the_token_of_a_link_never_reaches_a_log():
    assert redact("GET /r/AbC-123_x/?score=4 200") == "GET /r/[token]/?score=4 200"


def test_personal_keys_are_redacted_at_every_depth():
    event = redact_event(
        None,
        "info",
        {
            "event": "x",
            "phone": "13812345678",
            "request": {"email": "a@b.c", "id": 1},
            "paths": ["/r/secret/"],
        },
    )

    assert event == {
        "event": "x",
        "phone": "[redacted]",
        "request": {"email": "[redacted]", "id": 1},
        "paths": ["/r/[token]/"],
    }


def test_the_standard_library_is_redacted_too(settings, capsys):
    handler = logging.StreamHandler()
    formatter = logging.getLogger().handlers[0].formatter
    handler.setFormatter(formatter)
    record = logging.LogRecord("any", logging.ERROR, __file__, 1, "failed at /r/%s/", ("secret",), None)

    line = json.loads(handler.format(record))

    assert line["event"] == "failed at /r/[token]/"


def test_what_a_visitor_typed_into_an_address_is_not_logged():
    event = redact_event(
        None, "info", {"event": "request_finished", "request": "GET /admin/customers/customer/?q=13812345678"}
    )

    assert event == {"event": "request_finished", "request": "GET /admin/customers/customer/"}


def test_the_number_of_a_complaint_never_reaches_a_log():
    assert redact("GET /voice/7KQ3-M01D-2TPA/?lang=en 200") == "GET /voice/[token]/?lang=en 200"
    assert redact("GET /voice/?lang=en 200") == "GET /voice/?lang=en 200"
