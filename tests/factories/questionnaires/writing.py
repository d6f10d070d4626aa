"""What tests of the staff pages for questionnaires do again and again."""

from django.urls import reverse

from feedback_site.questionnaires.models import Condition, EndPage, Question
from tests.isolation.forms import filled_in


def page_of(name, row):
    return reverse(f"admin:questionnaires_{name}", args=[row.pk])


def save(client, address, **changes):
    """Send the form of a page as a browser would, with some fields changed."""
    page = client.get(address)
    data = {name: value for name, value in (filled_in(page) | changes).items() if value is not None}
    return client.post(address, data)


def errors_in(page):
    forms = [
        page.context["adminform"].form,
        *(form for inline in page.context["inline_admin_formsets"] for form in inline.formset.forms),
    ]
    return {form.add_prefix(name): list(errors) for form in forms for name, errors in form.errors.items()}


def more_rows(prefix, first, *rows):
    """Return the fields of new rows of a table that has `first` already."""
    fields = {
        f"{prefix}-{first + number}-{name}": value
        for number, row in enumerate(rows)
        for name, value in row.items()
    }
    return {f"{prefix}-TOTAL_FORMS": first + len(rows), **fields}


def make(draft, key, kind, *, position=9, **more):
    return Question.objects.create(
        questionnaire=draft, key=key, type=kind, position=position, text={"en": key, "zh-hans": "问"}, **more
    )


def ask_twice(draft):
    """A question that only the dissatisfied are asked, and an end page for them."""
    overall, praise = draft.questions.order_by("position")
    Condition.objects.create(
        questionnaire=draft, question=praise, subject=overall, operator="at_most", value="2"
    )
    end = EndPage.objects.create(
        questionnaire=draft, key="sorry", text={"en": "We are sorry.", "zh-hans": "很抱歉。"}
    )
    Condition.objects.create(
        questionnaire=draft, end_page=end, subject=overall, operator="at_most", value="2"
    )
