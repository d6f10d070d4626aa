import pytest

from surveys.models import Response
from tests.surveys.links import GOOD_ANSWERS, send

pytestmark = pytest.mark.django_db


def test_an_open_link_shows_the_questionnaire(client, link):
    page = client.get(link.address)

    assert page.status_code == 200
    assert "How satisfied are you with this service?" in page.content.decode()


def test_good_answers_are_stored_and_thanked_for(client, link):
    page = send(client, link.address, GOOD_ANSWERS)

    assert page.status_code == 200, page.content.decode()
    response = Response.objects.get(pk=link.invitation.pk)
    assert response.answers == {"overall": 4, "recommend": 9, "solved": "yes", "comment": "师傅很准时。"}
