"""What keeps a definition from being imported, by place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError
from feedback_site.common.listing import labelled

_MOST_SPOKEN = 20


@dataclass(frozen=True, slots=True)
class DefinitionProblem:
    """A sentence about one part of a definition, such as `questions[3].options[1].text.en`.

    The part is empty for the whole.
    """

    place: str
    message: str

    def __str__(self) -> str:
        return labelled(self.place, self.message) if self.place else self.message


class DefinitionError(DomainError):
    """A definition that cannot be imported.

    `problems` are all of them, `extra["problems"]` the same for programs.
    """

    def __init__(self, problems: Sequence[DefinitionProblem]) -> None:
        self.problems = list(problems)
        spoken = [str(problem) for problem in self.problems[:_MOST_SPOKEN]]
        if len(self.problems) > _MOST_SPOKEN:
            spoken.append(_("and %(count)s more.") % {"count": len(self.problems) - _MOST_SPOKEN})
        super().__init__(
            _("This questionnaire cannot be imported: %(problems)s") % {"problems": " ".join(spoken)},
            {"problems": [{"place": problem.place, "message": problem.message} for problem in self.problems]},
        )


def place_of(path: Iterable[str | int]) -> str:
    """Return a path as people write it: `questions[3].text.en`."""
    place = ""
    for step in path:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else step
    return place
