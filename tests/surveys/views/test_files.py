"""Photos, documents and signatures: kept as they arrive, sealed, and taken over by the response."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config import answer_path
from feedback_site.common.public_pages.uploads import MOST_BYTES
from feedback_site.common.sealing import reveal_bytes
from feedback_site.customers.models import SealedFile
from feedback_site.customers.services import fingerprint
from surveys.models import Invitation, Response, ResponseDraft, ResponseFile
from surveys.services.files import sweep_files
from tests.factories.common.pictures import HEIC, MAKER, PDF, picture
from tests.factories.questionnaires.documents import both, publish, question
from tests.factories.surveys.links import send, send_files

pytestmark = pytest.mark.django_db

RATING = question("overall", "rating", both("How satisfied are you?", "您满意吗？"), required=True)
PHOTO = question("photo", "file", both("A photo of the damage", "损坏处的照片"), required=True)
SIGN = question("sign", "signature", both("Your signature", "请签名"), required=True)
DRAWN = "10.10-200.150-300.20_310.25"
NAME = "王小明 Wang"


def content_of(file: ResponseFile) -> bytes:
    sealed = file.file
    return reveal_bytes(
        sealed=bytes(sealed.content_sealed), table="customers_sealedfile", column="content", row_id=sealed.pk
    )


@pytest.fixture
def photo_link(make_link):
    return make_link(version=publish([RATING, PHOTO]))


@pytest.mark.parametrize(
    ("content", "becomes"),
    [
        (picture(), "image/jpeg"),
        (HEIC, "image/jpeg"),
        (picture("PNG"), "image/png"),
        (PDF, "application/pdf"),
    ],
    ids=["jpeg", "heic", "png", "pdf"],
)
def test_a_file_is_sealed_and_the_answer_holds_its_fingerprint_alone(client, photo_link, content, becomes):
    page = send_files(client, photo_link.address, {"overall": "4"}, {"photo.file": content})

    assert page.status_code == 200
    response, file = Response.objects.get(), ResponseFile.objects.select_related("file").get()
    assert response.answers == {"overall": 4, "photo": [fingerprint(content)]}
    assert (file.question_key, file.file.content_type, file.submitted_at is not None) == (
        "photo",
        becomes,
        True,
    )
    kept, sealed = content_of(file), bytes(file.file.content_sealed)
    assert file.file.size == len(kept)
    assert kept[:8] not in sealed
    assert not any(word in kept for word in (MAKER.encode(), b"SECRET", b"Exif"))
    assert "evil" not in str([file.__dict__, file.file.__dict__, response.answers])


def test_a_form_with_files_says_so_and_others_do_not(client, photo_link, link):
    assert 'enctype="multipart/form-data"' in client.get(photo_link.address).content.decode()
    assert "multipart" not in client.get(link.address).content.decode()


BAD = [
    (b"", "Please choose a file of one of these kinds: photo (JPEG, PNG, HEIC), document (PDF)"),
    (
        b"MZ\x90\0 a program",
        "Please choose a file of one of these kinds: photo (JPEG, PNG, HEIC), document (PDF)",
    ),
    (
        b"<svg onload=alert(1)>",
        "Please choose a file of one of these kinds: photo (JPEG, PNG, HEIC), document (PDF)",
    ),
    (picture()[:300], "This photo cannot be read. Please choose another one."),
    (b"\x89PNG\r\n\x1a\n" + b"\0" * 5_000_001, "A file may have at most 5 MB. Please choose a smaller one."),
    (b"\xff" * 5_200_000, "A file may have at most 5 MB. Please choose a smaller one."),
    ([PDF, picture()], "Please keep at most 1 file."),
]


@pytest.mark.parametrize(("content", "sentence"), BAD, ids=range(len(BAD)))
def test_a_bad_file_is_refused_at_its_question_and_the_other_answers_stay(
    client, photo_link, content, sentence
):
    page = send_files(client, photo_link.address, {"overall": "4"}, {"photo.file": content})

    shown = unescape(page.content.decode())
    assert page.status_code == 422
    assert f'id="q-photo-error">{sentence}</p>' in shown
    assert re.search(r'name="overall" value="4"[^>]* checked', shown)
    assert not Response.objects.exists()
    assert not SealedFile.objects.exists()


def test_the_sentence_is_in_the_customers_language(client, photo_link):
    page = send_files(client, f"{photo_link.address}?lang=zh", {"overall": "4"}, {"photo.file": b"x"})

    assert "请选择以下类型的文件" in page.content.decode()


@pytest.mark.parametrize("value", ["C:\\photo.jpg", "\x00", "<script>", "０" * 32, "a" * 32, "😀", "\u202e"])
@pytest.mark.parametrize("name", ["photo", "photo.file", "photo.problem"])
def test_words_instead_of_a_file_are_no_file(client, photo_link, name, value):
    page = send(client, photo_link.address, {"overall": "4", name: value})

    assert page.status_code == 422
    assert "<script>" not in page.content.decode().partition("</form>")[0]
    assert not Response.objects.exists()


def test_a_file_is_kept_over_a_mistake_elsewhere_and_need_not_be_chosen_again(client, photo_link):
    refused = send_files(client, photo_link.address, {}, {"photo.file": PDF})
    assert "File 1 uploaded" in refused.content.decode()
    assert ResponseFile.objects.get().submitted_at is None

    page = send_files(client, photo_link.address, {"overall": "5", "photo": fingerprint(PDF)}, {})

    assert page.status_code == 200
    assert Response.objects.get().answers["photo"] == [fingerprint(PDF)]
    assert ResponseFile.objects.get().submitted_at is not None


def test_another_file_takes_the_place_of_the_one_that_was_kept(client, photo_link):
    send_files(client, photo_link.address, {}, {"photo.file": PDF})

    send_files(client, photo_link.address, {"overall": "5", "photo": fingerprint(PDF)}, {"photo.file": HEIC})

    assert Response.objects.get().answers["photo"] == [fingerprint(HEIC)]
    assert {file.fingerprint: file.submitted_at is not None for file in ResponseFile.objects.all()} == {
        fingerprint(PDF): False,
        fingerprint(HEIC): True,
    }


def test_several_files_are_kept_where_several_are_asked_for(client, make_link):
    link = make_link(version=publish([RATING, {**PHOTO, "settings": {"most": 3, "megabytes": 3}}]))

    send_files(client, link.address, {"overall": "5"}, {"photo.file": [PDF, HEIC, PDF]})

    assert Response.objects.get().answers["photo"] == [fingerprint(PDF), fingerprint(HEIC)]
    assert ResponseFile.objects.filter(submitted_at__isnull=False).count() == 2


def test_what_was_kept_for_another_link_is_not_taken(client, photo_link, make_link):
    send_files(client, photo_link.address, {}, {"photo.file": PDF})
    stranger = make_link(version=photo_link.invitation.version)

    page = send_files(client, stranger.address, {"overall": "5", "photo": fingerprint(PDF)}, {})

    assert page.status_code == 422
    assert "What you added earlier is no longer available. Please add it again." in page.content.decode()


def test_a_form_with_a_file_sent_twice_counts_once_and_another_file_is_told_from_it(client, photo_link):
    pages = [
        send_files(client, photo_link.address, {"overall": "4"}, {"photo.file": one})
        for one in (PDF, PDF, HEIC)
    ]

    assert [page.status_code for page in pages] == [200, 200, 409]
    assert (Response.objects.count(), ResponseFile.objects.count(), SealedFile.objects.count()) == (1, 1, 1)


def test_one_link_keeps_so_many_files_and_no_more(client, photo_link):
    for number in range(20):
        send_files(client, photo_link.address, {}, {"photo.file": PDF + b"%%EOF" * number})

    page = send_files(client, photo_link.address, {}, {"photo.file": PDF + b"\n"})

    assert "This link has reached its limit of files." in page.content.decode()
    assert SealedFile.objects.count() == 20


def test_an_ended_link_keeps_nothing(client, photo_link):
    Invitation.objects.update(expires_at=photo_link.invitation.invited_at + timedelta(days=1))

    assert send_files(client, photo_link.address, {"overall": "4"}, {"photo.file": PDF}).status_code == 410
    assert not SealedFile.objects.exists()


def test_a_file_of_an_earlier_screen_stays_and_goes_with_the_response(client, make_link):
    link = make_link(version=publish([PHOTO, {**RATING, "page": 2}]))

    first = send_files(client, link.address, {".page": "1"}, {"photo.file": PDF})
    assert (first.status_code, first.headers["Location"]) == (303, "?page=2")
    assert ResponseDraft.objects.get().answers == {"photo": [fingerprint(PDF)]}
    assert "File 1 uploaded" in client.get(f"{link.address}?page=1").content.decode()
    last = send(client, link.address, {".page": "2", "overall": "5"})

    assert last.status_code == 200
    assert Response.objects.get().answers == {"overall": 5, "photo": [fingerprint(PDF)]}
    assert ResponseFile.objects.get().submitted_at is not None


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({"sign.name": NAME}, ["text/plain"]),
        ({"sign.strokes": DRAWN}, ["image/svg+xml"]),
        ({"sign.strokes": DRAWN, "sign.name": NAME}, ["image/svg+xml", "text/plain"]),
    ],
)
def test_a_signature_is_drawn_or_typed_and_sealed(client, make_link, fields, kinds):
    link = make_link(version=publish([RATING, SIGN]))

    page = send(client, link.address, {"overall": "4", **fields})

    assert page.status_code == 200
    files = list(ResponseFile.objects.select_related("file").order_by("pk"))
    assert [file.file.content_type for file in files] == kinds
    assert Response.objects.get().answers["sign"] == [file.fingerprint for file in files]
    assert "王" not in str(Response.objects.values())
    contents = b"".join(content_of(file) for file in files)
    assert (NAME.encode() in contents, b'd="M10 10L200 150L300 20M310 25L310 25"' in contents) == (
        "sign.name" in fields,
        "sign.strokes" in fields,
    )


BAD_SIGNATURES = [
    ({}, "Please answer this question."),
    ({"sign.name": " "}, "Please answer this question."),
    ({"sign.name": "１"}, "Please type your full name."),
    ({"sign.name": "1234"}, "Please type your full name."),
    ({"sign.name": "x" * 81}, "Please shorten this text to 80 characters; it has 81."),
    ({"sign.name": "a\x00b"}, "This text contains characters that cannot be stored. Please remove them."),
    ({"sign.name": ["one", "another"]}, "Please give one answer only."),
    ({"sign.strokes": "M0 0"}, "This drawing cannot be read. Please sign again."),
    ({"sign.strokes": "９.９-１００.１００"}, "This drawing cannot be read. Please sign again."),
    ({"sign.strokes": '"/><script>alert(1)</script>'}, "This drawing cannot be read. Please sign again."),
    ({"sign.strokes": "10.10-601.10"}, "This drawing cannot be read. Please sign again."),
    ({"sign.strokes": "-".join(["1.1"] * 8000)}, "This drawing cannot be read. Please sign again."),
    ({"sign.strokes": "10.10-12.12"}, "This is too small for a signature. Please sign again."),
    ({"sign": "signed"}, "We did not receive this. Please add it again."),
    ({"sign": "b" * 32}, "What you added earlier is no longer available. Please add it again."),
]


@pytest.mark.parametrize(("fields", "sentence"), BAD_SIGNATURES, ids=range(len(BAD_SIGNATURES)))
def test_what_is_no_signature_is_refused_with_a_sentence(client, make_link, fields, sentence):
    link = make_link(version=publish([RATING, SIGN]))

    page = send(client, link.address, {"overall": "4", **fields})

    assert page.status_code == 422
    assert f'id="q-sign-error">{sentence}</p>' in unescape(page.content.decode())
    assert not SealedFile.objects.exists()


def test_a_signature_is_kept_over_a_mistake_and_signing_anew_replaces_it(client, make_link):
    link = make_link(version=publish([RATING, SIGN]))
    assert (
        "Your signature is saved."
        in send(client, link.address, {"sign.strokes": DRAWN, "sign.name": NAME}).content.decode()
    )
    kept = list(ResponseFile.objects.order_by("pk").values_list("fingerprint", flat=True))

    page = send(client, link.address, {"overall": "4", "sign": " ".join(kept), "sign.name": "Another Name"})

    assert page.status_code == 200
    assert Response.objects.get().answers["sign"] == [fingerprint(b"Another Name")]


def test_a_signature_that_was_kept_is_taken_back_by_unticking_it(client, make_link):
    link = make_link(version=publish([RATING, SIGN]))
    shown = send(client, link.address, {"sign.strokes": DRAWN, "sign.name": NAME}).content.decode()
    kept = list(ResponseFile.objects.order_by("pk").values_list("fingerprint", flat=True))
    assert f'<input type="checkbox" name="sign" value="{" ".join(kept)}" checked>' in shown

    assert send(client, link.address, {"overall": "4"}).status_code == 422
    assert send(client, link.address, {"overall": "4", "sign": " ".join(kept)}).status_code == 200
    assert Response.objects.get().answers["sign"] == kept


def test_files_that_were_never_submitted_are_gone_a_day_after_the_end(client, photo_link, noon):
    send_files(client, photo_link.address, {}, {"photo.file": HEIC})
    send_files(client, photo_link.address, {"overall": "5"}, {"photo.file": PDF})
    end = Response.objects.get().submitted_at

    assert sweep_files(at=end + timedelta(hours=23)) == 0
    with CaptureQueriesContext(connection) as asked:
        assert sweep_files(at=end + timedelta(hours=25)) == 1
    assert not any("content_sealed" in one["sql"] for one in asked.captured_queries)
    assert ResponseFile.objects.get().fingerprint == fingerprint(PDF)
    assert SealedFile.objects.count() == 1


def test_what_is_still_being_answered_is_not_swept(client, photo_link):
    send_files(client, photo_link.address, {}, {"photo.file": PDF})

    assert sweep_files(at=ResponseFile.objects.get().arrived_at + timedelta(days=30)) == 0


def test_more_than_a_form_may_have_is_refused(client, photo_link):
    page = send_files(client, photo_link.address, {"overall": "4"}, {"photo.file": b"x" * MOST_BYTES})

    assert page.status_code == 413
    assert "choose smaller files" in page.content.decode()


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "multipart/form-data; boundary=x", 422),
        (b"--x\r\n", "multipart/form-data; boundary=x", 422),
        (b"no boundary", "multipart/form-data", 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="overall"\r\n\r\n4\r\n',
            "multipart/form-data; boundary=x",
            422,
        ),
        (
            b"--x\r\n" + b"A: " + b"a" * 5000 + b"\r\n\r\n4\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
            400,
        ),
        (
            b"".join(
                b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % number
                for number in range(1500)
            )
            + b"--x--",
            "multipart/form-data; boundary=x",
            400,
        ),
        (
            b"".join(
                b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n1\r\n'
                for _number in range(50)
            )
            + b"--x--",
            "multipart/form-data; boundary=x",
            400,
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="overall"\r\n\r\n' + b"4" * 100_000 + b"\r\n--x--",
            "multipart/form-data; boundary=x",
            413,
        ),
        (b'{"overall": 4}', "application/json", 415),
    ],
    ids=range(9),
)
def test_a_body_that_is_no_form_gets_a_page(client, photo_link, body, content_type, status):
    page = client.post(photo_link.address, body, content_type=content_type)

    assert page.status_code == status
    assert page.content.startswith(b"<!doctype html>")
    assert not Response.objects.exists()


def test_a_page_for_a_failure_of_ours_keeps_words_and_asks_for_the_file_again(photo_link, monkeypatch):
    def fail(*_args, **_more):
        raise ValueError

    monkeypatch.setattr(answer_path, "find_view", lambda _path: (fail, {"token": photo_link.token}))

    page = send_files(Client(), photo_link.address, {"overall": "4"}, {"photo.file": PDF}).content.decode()

    assert '<form method="post" enctype="multipart/form-data">' in page
    assert '<input type="hidden" name="overall" value="4">' in page
    assert '<input type="file" class="field" name="photo.file">' in page


def test_pages_that_ask_for_no_files_take_no_form_with_files(client, link):
    assert [
        send_files(client, address, {"overall": "4"}, {"a": PDF}).status_code
        for address in (link.address, "/voice/")
    ] == [415, 415]
