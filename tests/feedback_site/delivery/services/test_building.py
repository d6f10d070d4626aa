from feedback_site.delivery.services import Envelope, Void, preview
from tests.factories.delivery.fixtures import EMAIL, KIND, unregister_builder


def test_a_preview_holds_no_link_that_works(queue, noon, staff):
    content = preview(queue(), reader=staff.ellen, at=noon)

    assert isinstance(content, Envelope)
    assert content.text == "Please tell us: http://127.0.0.1:8000/r/preview/"
    assert content.html == '<p>Please <a href="http://127.0.0.1:8000/r/preview/">tell us</a>.</p>'
    assert content.headers == {}


def test_where_customers_are_made_up_the_preview_is_the_message(queue, noon, staff, settings):
    settings.SHOW_LIVE_LINKS = True

    content = preview(queue(), reader=staff.root, at=noon)

    assert content.address == EMAIL
    assert content.text == "Please tell us: http://127.0.0.1:8000/r/SecretTokenOfAnn/"


def test_a_void_message_has_no_preview_but_a_reason(queue, noon, staff):
    assert preview(queue(content=Void("answered")), reader=staff.ellen, at=noon) == Void("answered")


def test_a_message_that_no_app_can_build_has_no_preview(queue, noon, staff):
    message = queue()
    unregister_builder(KIND)

    assert preview(message, reader=staff.ellen, at=noon) is None
