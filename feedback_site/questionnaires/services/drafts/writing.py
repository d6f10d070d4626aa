"""The rows of a draft, written from a document that was found sound."""

from collections.abc import Iterator, Mapping

from django.db import transaction

from feedback_site.accounts.models import Team
from feedback_site.evaluations.models import Indicator
from feedback_site.questionnaires.document import ConditionContent, Document, QuestionContent
from feedback_site.questionnaires.enums import ConditionSource, OptionRole
from feedback_site.questionnaires.models import Condition, EndPage, Question, Questionnaire, QuestionOption


@transaction.atomic
def create_draft(*, document: Document, team: Team | None) -> Questionnaire:
    """Make a new draft of a document. Raises IntegrityError where its slug is taken."""
    draft = Questionnaire(slug=document.slug, team=team)
    _write_own(document, draft)
    draft.save(force_insert=True)
    _write_parts(document, draft)
    return draft


@transaction.atomic
def replace_draft(*, document: Document, draft: Questionnaire) -> None:
    """Make a document the draft, whatever stands there now; slug, owner and published versions stay."""
    _write_own(document, draft)
    draft.save()
    draft.end_pages.all().delete()
    draft.questions.all().delete()
    _write_parts(document, draft)


def _write_own(document: Document, draft: Questionnaire) -> None:
    """State what the questionnaire itself says."""
    own = {
        "names": document.name,
        "title": document.title,
        "intro": document.intro,
        "thanks": document.thanks,
        "privacy": document.privacy,
        "hotline": document.hotline,
        "layout": document.layout,
        "default_language": document.default_language,
    }
    for name, value in own.items():
        setattr(draft, name, value)


def _write_parts(document: Document, draft: Questionnaire) -> None:
    """Write questions, options, conditions and end pages of a draft that has none."""
    questions = Question.objects.bulk_create(_questions(document, draft))
    asked = list(zip(questions, document.questions, strict=True))
    QuestionOption.objects.bulk_create(
        one for question, content in asked for one in _options(question, content)
    )
    ends = EndPage.objects.bulk_create(_end_pages(document, draft))
    by_key = {question.key: question for question in questions}
    Condition.objects.bulk_create(
        [
            *(
                one
                for row, content in asked
                for one in _conditions(draft, content.condition, by_key, question=row)
            ),
            *(
                one
                for row, content in zip(ends, document.end_pages, strict=True)
                for one in _conditions(draft, content.condition, by_key, end_page=row)
            ),
        ]
    )


def _questions(document: Document, draft: Questionnaire) -> Iterator[Question]:
    slugs = {content.indicator for content in document.questions} - {""}
    indicators = {one.slug: one for one in Indicator.objects.filter(slug__in=slugs)} if slugs else {}
    for position, content in enumerate(document.questions, start=1):
        yield Question(
            questionnaire=draft,
            key=content.key,
            position=position,
            type=content.type,
            metric=content.metric,
            indicator=indicators.get(content.indicator),
            is_required=content.required,
            page=content.page,
            question_set=content.set,
            settings=content.settings,
            condition_join=content.condition.join,
            text=content.text,
            help=content.help,
            low_label=content.low_label,
            high_label=content.high_label,
        )


def _options(question: Question, content: QuestionContent) -> Iterator[QuestionOption]:
    for role, parts in ((OptionRole.OPTION, content.options), (OptionRole.ROW, content.rows)):
        for position, part in enumerate(parts, start=1):
            yield QuestionOption(
                question=question,
                position=position,
                role=role,
                key=part.key,
                is_exclusive=part.exclusive,
                asks_text=part.asks_text,
                fulfils=part.fulfils,
                text=part.text,
            )


def _end_pages(document: Document, draft: Questionnaire) -> Iterator[EndPage]:
    for position, content in enumerate(document.end_pages, start=1):
        yield EndPage(
            questionnaire=draft,
            position=position,
            key=content.key,
            redirect_url=content.redirect,
            condition_join=content.condition.join,
            text=content.text,
        )


def _conditions(
    draft: Questionnaire,
    condition: ConditionContent,
    questions: Mapping[str, Question],
    *,
    question: Question | None = None,
    end_page: EndPage | None = None,
) -> Iterator[Condition]:
    """Yield the rows of a condition, which belongs to a question or to an end page."""
    for position, test in enumerate(condition.tests, start=1):
        is_fact = test.of == ConditionSource.EVENT
        yield Condition(
            questionnaire=draft,
            question=question,
            end_page=end_page,
            position=position,
            source=test.of,
            subject=None if is_fact else questions[test.name],
            fact=test.name if is_fact else "",
            operator=test.operator,
            value=test.value,
        )
