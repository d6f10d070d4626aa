"""Submits answers that arrive together as one batch: one statement and one commit for all of them.

No thread waits for company. One that finds none submitting takes all that wait, its own
answers among them, and names the first of those that came meanwhile to go on. So a
batch is as large as what arrives while the one before is written: one when it is quiet.
"""

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime

from django.db import OperationalError

from surveys.services.responses.answering import Receipt, Submission, submit_responses


@dataclass(slots=True, eq=False)
class _Waiting:
    submission: Submission
    at: datetime | None
    receipt: Receipt | None = None
    leads: bool = False
    # Set when its batch is through, or when it is its turn to lead.
    is_called: threading.Event = field(default_factory=threading.Event)


class Collector:
    """Collects submissions of the threads of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._is_led = False

    def submit(self, submission: Submission, *, at: datetime | None, until: float) -> Receipt:
        """Store one submission as `submit_responses` does and return its receipt.

        It waits no longer than `until` of `time.monotonic()`. Raises OperationalError when that was too
        short: whether the answers are stored is unknown then, and sent again they count once.
        """
        mine = _Waiting(submission, at)
        with self._lock:
            self._waiting.append(mine)
            mine.leads = not self._is_led
            self._is_led = True
        if mine.leads or self._is_to_lead(mine, until=until):
            self._lead()
        return mine.receipt or submit_responses([submission], at=at)[0]

    def _is_to_lead(self, mine: _Waiting, *, until: float) -> bool:
        """Wait until the submission is stored (False), or is to store the next batch itself (True)."""
        if mine.is_called.wait(max(0.0, until - time.monotonic())):
            return mine.leads
        with self._lock:
            if mine.leads:
                return True
            if mine in self._waiting:
                self._waiting.remove(mine)
        message = "The answers that came before were not stored in time."
        raise OperationalError(message)

    def _lead(self) -> None:
        with self._lock:
            batch, self._waiting = self._waiting, []
        try:
            moments = [one.at for one in batch if one.at is not None]
            receipts = submit_responses(
                [one.submission for one in batch], at=max(moments) if len(moments) == len(batch) else None
            )
            for one, receipt in zip(batch, receipts, strict=True):
                one.receipt = receipt
        except Exception:
            # Each of several tries alone, and meets what concerns it.
            if len(batch) == 1:
                raise
        finally:
            self._pass_on(batch)

    def _pass_on(self, batch: list[_Waiting]) -> None:
        with self._lock:
            heir = self._waiting[0] if self._waiting else None
            self._is_led = heir is not None
            if heir is not None:
                heir.leads = True
        for one in [*batch, *([heir] if heir else [])]:
            one.is_called.set()


collector = Collector()
