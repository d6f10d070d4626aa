"""One link, submitted by many at once: one response, and everybody is told the truth about it."""

import itertools
import threading
from random import Random

from tests.chaos.clients import Crowd, Writer, answers, at_work
from tests.chaos.journal import FAIL, OK, Operation, operations
from tests.chaos.report import Fault, Finding, Story
from tests.chaos.scenarios.sizes import Size
from tests.chaos.site import Site, own_dice

_KINDS_OF_ANSWERS = 4


class _Rival(Writer):
    """Submits each link of a list as often as the list says, all rivals at one moment where links change."""

    def __init__(
        self,
        site: Site,
        name: str,
        dice: Random,
        *,
        turns: list[tuple[str, int]],
        contents: dict[str, list],
        meeting: threading.Barrier,
    ) -> None:
        super().__init__(site, name, dice)
        self._turns = turns
        self._contents = contents
        self._meeting = meeting

    def run(self) -> None:
        numbers = itertools.count()
        for token, times in self._turns:
            self._meeting.wait(120)
            for _ in range(times):
                self.submit(
                    f"{self.journal.client}-{next(numbers)}", token, self.dice.choice(self._contents[token])
                )


def one_link(site: Site, dice: Random, size: Size) -> Story:
    """Race for many links once, then for one link thousands of times."""
    links = site.links(size.races + 1)
    times = size.submits // size.connections
    turns = [*((token, 1) for token in links[1:]), (links[0], times)]
    contents = {
        token: [answers(dice, f"variant {number}") for number in range(_KINDS_OF_ANSWERS)] for token in links
    }
    meeting = threading.Barrier(size.connections)
    rivals = [
        _Rival(site, f"rival-{number}", own_dice(dice), turns=turns, contents=contents, meeting=meeting)
        for number in range(size.connections)
    ]
    with at_work(Crowd(list(rivals))) as crowd:
        for rival in rivals:
            rival.join()
    done = [operation for operation in operations(crowd.journals) if operation.asked["link"] == links[0]]
    raced = {operation.asked["link"] for operation in operations(crowd.journals) if operation.ended == OK}
    return Story(
        acknowledged=sum(operation.ended in {OK, FAIL} for operation in done),
        least=times * size.connections,
        proofs=[
            (f"{size.connections} connections, {len(raced) - 1} further races", len(raced) == size.races + 1),
            (f"{_together(done)} in flight at once", _together(done) > size.connections // 4),
        ],
        notes=[f"{_share(done)} % were told 'your first answer counts'"],
        findings=list(_judge(done)),
    )


def _judge(done: list[Operation]):
    """Among those who raced for one link, exactly one kind of answers was thanked and no other was."""
    thanked = {operation.asked["content"]["comment"] for operation in done if operation.ended == OK}
    refused = {operation.asked["content"]["comment"] for operation in done if operation.ended == FAIL}
    if len(thanked) != 1:
        yield Finding(Fault.DOUBLED, f"{len(thanked)} different answers were thanked for one link")
    for comment in thanked & refused:
        yield Finding(Fault.UNTRUTHFUL, f"the same answers were thanked and refused: {comment}")


def _together(done: list[Operation]) -> int:
    """Return the largest number of submits that were under way at one moment."""
    moments = sorted(
        [(operation.invoked_at, 1) for operation in done] + [(operation.ended_at, -1) for operation in done]
    )
    return max(itertools.accumulate(step for _at, step in moments), default=0)


def _share(done: list[Operation]) -> int:
    return round(100 * sum(operation.ended == FAIL for operation in done) / max(len(done), 1))
