import pytest

from feedback_site.accounts.models import Organisation
from feedback_site.accounts.selectors import remember_organisation
from surveys.pages.letters import write_invitation


@pytest.mark.parametrize(("stated", "shown"), [("", "#0b6b7f"), ("#1a4fd0", "#1a4fd0")])
def test_a_letter_is_in_the_companys_colour(stated, shown):
    remember_organisation(Organisation(colour=stated))

    _text, html = write_invitation({"link": "https://feedback.example/r/1/", "button": "Start"})

    assert f"background:{shown};color:#ffffff" in html
