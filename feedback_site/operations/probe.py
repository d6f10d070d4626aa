"""Asks something that may hang, and waits only so long."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Generic, TypeVar

from django.db import connection

AnswerT = TypeVar("AnswerT")


class Probe(Generic[AnswerT]):
    """A question asked in a thread of its own.

    Callers that come while it is being asked share the answer: a part that hangs holds one thread,
    however often it is asked for.
    """

    def __init__(self, question: Callable[[], AnswerT]) -> None:
        self._question = question
        self._lock = threading.Lock()
        self._asked: Future[AnswerT] | None = None

    def start(self) -> "Future[AnswerT]":
        """Ask, unless it is being asked already."""
        with self._lock:
            if self._asked is None or self._asked.done():
                self._asked = Future()
                threading.Thread(target=self._run, args=(self._asked,), name="probe", daemon=True).start()
            return self._asked

    def answer(self, *, seconds: float) -> AnswerT | None:
        """Ask and return the answer; None when it failed or took longer than `seconds`."""
        return answer_of(self.start(), seconds=seconds)

    def _run(self, asked: "Future[AnswerT]") -> None:
        try:
            asked.set_result(self._question())
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is the answer
            asked.set_exception(error)
        finally:
            # The thread ends here, and its connection with it.
            with suppress(Exception):
                connection.close()


def answer_of(asked: "Future[AnswerT]", *, seconds: float) -> AnswerT | None:
    """Wait for what was asked; None when it failed or took longer than `seconds`."""
    try:
        return asked.result(timeout=max(seconds, 0))
    except Exception:  # noqa: BLE001 - a part that fails, in whatever manner, is down
        return None
