"""The fields of questions that keep files, and what stands in them where nothing is ever stored."""

from collections.abc import Sequence

from feedback_site.customers.services import fingerprint
from feedback_site.questionnaires.questions import CompiledQuestion, Fields, InvalidAnswer, KeptQuestion
from feedback_site.questionnaires.questions.kept import Uploads


def pretend_files(
    *, questions: Sequence[CompiledQuestion], fields: Fields, uploads: Uploads
) -> dict[str, Sequence[str]]:
    """Return the fields as `take_files` does, where nothing is ever stored.

    For authors who try their questionnaire out. A form that is not made for files sends their names; here
    that will do.
    """
    taken: dict[str, Sequence[str]] = dict(fields)
    for question in questions:
        if not isinstance(question, KeptQuestion) or not is_answered(question, fields, uploads):
            continue
        names = [name for name in fields.get(f"{question.key}.file", ()) if name.strip()]
        for part in question.parts:
            taken.pop(f"{question.key}.{part}", None)
        try:
            told = {name: values for name, values in fields.items() if name != f"{question.key}.file"}
            new = [
                fingerprint(content)
                for content in (
                    *map(str.encode, names),
                    *(one.content for one in question.brought(told, uploads)),
                )
            ]
            taken[question.key] = together(question, question.claimed(fields), new)
        except InvalidAnswer as error:
            taken |= {f"{question.key}.problem": [str(error)], **shown_again(question, fields)}
    return taken


def is_answered(question: KeptQuestion, fields: Fields, uploads: Uploads) -> bool:
    """Whether a form says anything about a question that keeps files."""
    names = {question.key, f"{question.key}.problem", *(f"{question.key}.{part}" for part in question.parts)}
    return any(name in fields or name in uploads for name in names)


def together(question: KeptQuestion, kept: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return the fingerprints that a question has after something new came."""
    return list(dict.fromkeys(new if new and question.is_replaced else [*kept, *new]))


def shown_again(question: KeptQuestion, fields: Fields) -> dict[str, Sequence[str]]:
    """Return what was written, to be shown again, without what was uploaded."""
    names = [f"{question.key}.{part}" for part in question.parts if part != "file"]
    return {name: fields[name] for name in names if name in fields}
