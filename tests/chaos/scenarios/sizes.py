"""How much of everything: the whole run, and what suffices to catch a planted bug."""

from dataclasses import dataclass

# Whom a kill of the web hits: the worker that has just committed
# an answer, the oldest one, all at once, or their parent as well.
BEFORE_REPLY, ONE_WORKER, ALL_WORKERS, WHOLE_SERVER = (
    "before reply",
    "one worker",
    "all workers",
    "whole server",
)


@dataclass(frozen=True)
class Size:
    """Counts; `pace` is how many operations are acknowledged between two faults."""

    database_kills: int = 20
    web_kills: tuple[str, ...] = (*[BEFORE_REPLY] * 10, *[ONE_WORKER] * 6, ALL_WORKERS, *[WHOLE_SERVER] * 3)
    sender_kills: int = 12
    flushes: int = 10
    writers: int = 8
    pace: int = 30
    submits: int = 10_000
    connections: int = 40
    races: int = 100
    freeze_seconds: float = 10.0
    broker_faults: tuple[str, ...] = ("killed", "frozen")
    broker_seconds: float = 7.0
    poster_pairs: int = 2
    bells: int = 20
    texts: int = 3000
    shared_texts: int = 1200
    onlookers: int = 60
    slow_senders: int = 500


FULL = Size()
SMALL = Size(
    database_kills=4,
    web_kills=(BEFORE_REPLY, BEFORE_REPLY, ONE_WORKER, WHOLE_SERVER),
    flushes=3,
    submits=1200,
    races=60,
    broker_faults=(),
    broker_seconds=4.0,
    bells=12,
    shared_texts=1000,
    onlookers=20,
    slow_senders=300,
)
SIZES = {"full": FULL, "small": SMALL}
