"""Several statements answered on one scale; on a phone each statement is a card of its own."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from feedback_site.common.listing import in_sequence, labelled
from feedback_site.questionnaires.document import OptionContent, QuestionContent
from feedback_site.questionnaires.questions.base import (
    Answer,
    CompiledQuestion,
    Fields,
    Schema,
    Statistics,
    read_score,
)
from feedback_site.questionnaires.questions.cells import (
    Cells,
    FieldsOfCells,
    keys_by_word,
    parts_of,
    score_of,
    unknown_part,
    word_of,
)
from feedback_site.questionnaires.questions.invalid import InvalidAnswer
from feedback_site.questionnaires.questions.rating import (
    DRAWABLE_POINTS,
    FEWEST_POINTS,
    MOST_POINTS,
    POINTS_SETTING,
    USUAL_POINTS,
)

LEAST_ROWS = 2


class MatrixQuestion(CompiledQuestion):
    """Rows scored from 1 to `points`, stored as one object of scores by row.

    A required matrix needs every row.
    """

    name = "matrix"
    label = gettext_lazy("Matrix")
    order = 80
    template = "questionnaires/questions/matrix.html"
    statistics = Statistics.SCALE
    known_settings: ClassVar[Mapping[str, Schema]] = {"points": DRAWABLE_POINTS}
    settings_fields = (POINTS_SETTING,)
    operators = ()
    has_rows = True
    has_ends = True
    seconds = 4  # a row

    def __init__(self, content: QuestionContent) -> None:
        super().__init__(content)
        self.rows: Sequence[OptionContent] = content.rows
        # Not `scores`: those are of questions that one whole number answers.
        self.points = range(1, self.settings.get("points", USUAL_POINTS) + 1)

    @classmethod
    def faults(cls, content: QuestionContent) -> Iterator[str]:
        """Ask for two rows at least, and a scale that can be shown.

        Rows have keys of their own and words in every language.
        """
        rows = content.rows
        if len(rows) < LEAST_ROWS:
            yield _("a matrix needs at least two rows.")
        if not all(text for row in rows for text in row.text.values()):
            yield _("write every row in each language.")
        if len({row.key for row in rows}) < len(rows):
            yield _("two rows have the same ID.")
        points = content.settings.get("points", USUAL_POINTS)
        if not isinstance(points, int) or not FEWEST_POINTS <= points <= MOST_POINTS:
            yield _("a rating has %(fewest)s to %(most)s points.") % {
                "fewest": FEWEST_POINTS,
                "most": MOST_POINTS,
            }

    def read(self, fields: Fields) -> dict[str, Answer]:
        """Read the score of each row."""
        scores: dict[str, int | str] = {}
        for row in self.rows:
            raw = self.one_value(fields, f"{self.key}.{row.key}")
            if raw is not None:
                scores[row.key] = read_score(raw, self.points)
        if self.is_required and len(scores) < len(self.rows):
            raise InvalidAnswer(_("Please answer every row."))
        return {self.key: scores} if scores else {}

    def fields_of(self, answers: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return a field for each row that was answered."""
        return {f"{self.key}.{row}": [str(score)] for row, score in answers.get(self.key, {}).items()}

    def fields_of_cells(self, cells: Cells) -> FieldsOfCells:
        """Read a cell for each row, by its key or its label."""
        rows = keys_by_word((row.key, row.text) for row in self.rows)
        fields: FieldsOfCells = {}
        for part, values in parts_of(self.key, cells).items():
            row = rows.get(word_of(part))
            if row is None:
                raise unknown_part(self.key, part, [row.key for row in self.rows])
            fields.setdefault(f"{self.key}.{row}", []).extend(map(score_of, values))
        return fields

    def in_words(self, answers: Mapping[str, Any], *, language: str) -> str:
        """Return each row with its score."""
        scores = answers.get(self.key, {})
        with override(language):
            return in_sequence(
                labelled(row.text.get(language, row.key), scores[row.key])
                for row in self.rows
                if row.key in scores
            )

    def columns(self, *, language: str) -> list[tuple[str, str]]:
        """Return a column for each row."""
        heading = self.texts["text"].get(language, "")
        return [(f"{self.key}.{row.key}", f"{heading} – {row.text.get(language, '')}") for row in self.rows]

    def cells(self, answers: Mapping[str, Any], *, language: str) -> list[Any]:
        """Return the score of each row."""
        return [answers.get(self.key, {}).get(row.key) for row in self.rows]

    def context(self, *, language: str, values: Fields, error: str) -> dict[str, Any]:
        """Return the rows with their points and what was chosen."""
        rows = [
            {
                "key": f"{self.key}.{row.key}",
                "text": row.text.get(language, ""),
                "value": next(iter(values.get(f"{self.key}.{row.key}", ())), ""),
            }
            for row in self.rows
        ]
        points = [str(point) for point in self.points]
        return {
            **super().context(language=language, values=values, error=error),
            "rows": rows,
            "points": points,
        }
