import pytest
from django.template import Context, Engine
from django.test.signals import template_rendered

PARTS = {
    "page": "{% include part %}{{ word }}",
    "good": "{% with word='part' %}{{ word }}{% endwith %}",
    "bad": "{{ word.pop }}",
}


@pytest.fixture
def drawn():
    told = []

    def note(template, context, **signal):
        told.append((template.name, context["word"]))

    template_rendered.connect(note)
    yield told
    template_rendered.disconnect(note)


def test_a_page_is_told_of_once_whatever_it_consists_of(drawn):
    engine = Engine(loaders=[("django.template.loaders.locmem.Loader", PARTS)])
    page = engine.get_template("page")

    assert [page.render(Context({"word": word, "part": "good"})) for word in ("one", "two")] == [
        "partone",
        "parttwo",
    ]

    assert drawn == [("page", "one"), ("page", "two")]


def test_after_a_page_that_cannot_be_drawn_the_next_is_told_of(drawn):
    engine = Engine(loaders=[("django.template.loaders.locmem.Loader", PARTS)])

    with pytest.raises(IndexError):
        engine.get_template("page").render(Context({"word": [], "part": "bad"}))
    engine.get_template("good").render(Context({"word": "next"}))

    assert drawn == [("page", []), ("good", "next")]
