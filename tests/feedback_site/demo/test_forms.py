import random

from feedback_site.demo.forms import read_form
from feedback_site.demo.simulated_customers import fill_in

PAGE = """
<!doctype html><html lang="en"><body>
<form method="get" action="/lang/"><input type="hidden" name="next" value="/"></form>
<form method="post" action="/r/abc/">
  <input type="hidden" name="stamp" value="7">
  <input type="radio" name="satisfaction" value="1"><input type="radio" name="satisfaction" value="5" checked>
  <input type="radio" name="colour" value="red"><input type="radio" name="colour" value="blue">
  <textarea name="comment"></textarea>
  <button type="submit">Send</button>
</form>
<input name="outside" value="x">
</body></html>
"""


def test_the_posted_form_is_read_with_its_groups():
    form = read_form(PAGE)

    assert form is not None
    assert form.action == "/r/abc/"
    assert form.language == "en"
    assert form.hidden == {"stamp": "7"}
    assert form.choices == {"satisfaction": ["1", "5"], "colour": ["red", "blue"]}
    assert form.texts == ["comment"]


def test_a_page_without_a_posted_form_has_nothing_to_answer():
    assert read_form("<html><body><p>Thank you.</p></body></html>") is None


def test_only_values_that_the_form_offers_are_sent():
    form = read_form(PAGE)

    for seed in range(50):
        fields = fill_in(form, dice=random.Random(seed))  # noqa: S311 - any value will do

        assert fields["stamp"] == "7"
        assert fields.get("satisfaction", "5") in {"1", "5"}
        assert fields.get("colour", "red") in {"red", "blue"}
        assert set(fields) <= {"stamp", "satisfaction", "colour", "comment"}
