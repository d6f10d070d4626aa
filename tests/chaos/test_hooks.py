import os
import signal

from django.http import HttpResponse
from django.test import RequestFactory

from tests.chaos.hooks import ORDER, DieBeforeReply


def replies(status):
    return lambda request: HttpResponse(status=status)


def test_one_thanked_answer_is_cut_off_for_one_order(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    killed = []
    monkeypatch.setattr(os, "kill", lambda *victim: killed.append(victim))
    order = tmp_path / ORDER
    order.touch()
    post = RequestFactory().post

    DieBeforeReply(replies(503))(post("/r/token/"))
    DieBeforeReply(replies(200))(post("/api/v1/service-events/"))
    DieBeforeReply(replies(200))(RequestFactory().get("/r/token/"))
    spared = list(killed)
    for _ in range(2):
        DieBeforeReply(replies(200))(post("/r/token/"))

    assert spared == []
    assert killed == [(os.getpid(), signal.SIGKILL)]
    assert (tmp_path / f"{ORDER}-{os.getpid()}").read_text(encoding="utf-8") == "token"
