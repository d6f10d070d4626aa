"""What keeps texts that repeat facts of the event or earlier answers from being published."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from feedback_site.common.listing import listed
from feedback_site.questionnaires.document import Document, QuestionContent, Texts
from feedback_site.questionnaires.enums import Layout
from feedback_site.questionnaires.questions import QUESTION_CLASSES
from feedback_site.questionnaires.services.piping import EVENT_NAMES, Pipe, not_understood, pipes_in


def find_piping_faults(document: Document) -> Iterator[tuple[str, str]]:
    """Yield `(question key, sentence)` for every `{...}` that could not be filled in.

    Answers are repeated on later screens only.
    """
    answerable = [question.key for question in document.questions if QUESTION_CLASSES[question.type].asks]
    for texts in (document.title, document.intro):
        yield from (("", fault) for fault in _faults_in(texts, known=()))
    for question in document.questions:
        earlier = _asked_before(document, question)
        for texts in (question.text, question.help):
            yield from ((question.key, fault) for fault in _faults_in(texts, known=earlier))
    for key, text in _never_filled(document):
        for braces in (*not_understood(text), *_pipes(text)):
            yield key, _("“%(braces)s” is not filled in here: write it without braces.") % {"braces": braces}
    for texts in (document.thanks, *(end.text for end in document.end_pages)):
        yield from (("", fault) for fault in _faults_in(texts, known=answerable))


def _never_filled(document: Document) -> Iterator[tuple[str, str]]:
    """Yield `(question key, text)` for each text that customers read as it is written.

    Options, ends of scales, rows, privacy, ...
    """
    yield from (("", text) for text in _each(document.privacy))
    for question in document.questions:
        parts = (part.text for part in (*question.options, *question.rows))
        for texts in (question.low_label, question.high_label, *parts):
            yield from ((question.key, text) for text in _each(texts))


def _each(texts: Texts) -> Iterator[str]:
    """Yield a text in each language, once where it is the same in all."""
    yield from dict.fromkeys(texts.values())


def _pipes(text: str) -> Iterator[str]:
    return (f"{{{pipe.source}.{pipe.name}}}" for pipe in pipes_in(text))


def _asked_before(document: Document, question: QuestionContent) -> list[str]:
    """Return the keys whose answers are known when the question is shown: those of earlier screens."""
    asked = document.questions
    if document.layout == Layout.SINGLE:
        earlier = asked[: asked.index(question)]
    else:
        earlier = tuple(one for one in asked if one.page < question.page)
    return [one.key for one in earlier if QUESTION_CLASSES[one.type].asks]


def _faults_in(texts: Texts, *, known: Collection[str]) -> Iterator[str]:
    for text in _each(texts):
        yield from (
            _("“%(braces)s” cannot be filled in. Known are: %(names)s") % _words(braces, known)
            for braces in not_understood(text)
        )
        for pipe in pipes_in(text):
            if not _is_known(pipe, known):
                yield _("“%(braces)s” cannot be filled in. Known are: %(names)s") % _words(
                    f"{{{pipe.source}.{pipe.name}}}", known
                )


def _is_known(pipe: Pipe, known: Collection[str]) -> bool:
    return pipe.name in (EVENT_NAMES if pipe.source == "event" else known)


def _words(braces: str, known: Collection[str]) -> dict[str, str]:
    names = [f"{{event.{name}}}" for name in EVENT_NAMES] + [f"{{answer.{key}}}" for key in known]
    return {"braces": braces, "names": listed(names)}
