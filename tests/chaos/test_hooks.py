import os
import signal

from tests.chaos.hooks import ORDER, SERVING, DieBeforeReply


def replies(status):
    def application(environ, start_response):
        start_response(status, [])
        return [b"page"]

    return application


def ask(hook, path, method="POST"):
    return hook({"PATH_INFO": path, "REQUEST_METHOD": method}, lambda status, headers: None)


def test_one_thanked_answer_is_cut_off_for_one_order(tmp_path, monkeypatch):
    killed = []
    monkeypatch.setattr(os, "kill", lambda *victim: killed.append(victim))
    busy, thanks = DieBeforeReply(replies("503 Busy"), tmp_path), DieBeforeReply(replies("200 OK"), tmp_path)
    (tmp_path / ORDER).touch()

    ask(busy, "/r/token/")
    ask(thanks, "/api/v1/service-events/")
    ask(thanks, "/r/token/", method="GET")
    spared = list(killed)
    pages = [ask(thanks, "/r/token/") for _ in range(2)]

    assert spared == []
    assert killed == [(os.getpid(), signal.SIGKILL)]
    assert pages == [[b"page"], [b"page"]]
    assert (tmp_path / f"{ORDER}-{os.getpid()}").read_text(encoding="utf-8") == "token"
    assert (tmp_path / f"{SERVING}-{os.getpid()}").exists()
