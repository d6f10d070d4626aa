"""`/voice/` on a site that has no team yet: a page that keeps what was typed and says what to do."""

from html import unescape

import pytest

from feedback_site.voice.models import VoiceEntry
from tests.factories.voice.fixtures import GOOD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "words"), [("en", "reach us another way"), ("zh", "请先复制您填写的内容")]
)
def test_a_message_is_refused_with_its_text_kept(post, language, words):
    page = post(GOOD, address=f"/voice/?lang={language}")
    text = unescape(page.content.decode())

    assert page.status_code == 503
    assert words in text
    assert GOOD["text"] in text
    assert not VoiceEntry.objects.exists()


@pytest.mark.parametrize("address", ["/voice/", "/voice/?reference=ABCD", "/voice/ABCD-EFGH-JKLM/"])
def test_everything_else_opens(client, address):
    assert client.get(address).status_code in {200, 303, 404}
