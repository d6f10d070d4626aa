import io

import pytest

from feedback_site.common.public_pages.http import MOST_BYTES, Request, UnreadableForm


def request(body=b"", **environ):
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/r/x/",
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        **environ,
    }
    return Request(environ, until=0.0)


def test_fields_keep_the_order_and_number_of_their_values():
    assert request(b"b=2&a=1&b=3&c=").read_fields() == {"b": ["2", "3"], "a": ["1"], "c": [""]}


def test_bytes_that_are_no_text_do_not_break_the_form():
    assert request(b"a=%ff\xff").read_fields() == {"a": ["��"]}


@pytest.mark.parametrize(
    ("environ", "status"),
    [
        ({"CONTENT_LENGTH": str(MOST_BYTES + 1)}, 413),
        ({"CONTENT_TYPE": "multipart/form-data; boundary=x"}, 415),
        ({"CONTENT_LENGTH": "many"}, 400),
        ({"CONTENT_LENGTH": "10"}, 400),
    ],
)
def test_what_is_no_whole_form_is_refused(environ, status):
    with pytest.raises(UnreadableForm) as refused:
        request(b"a=1", **environ).read_fields()

    assert refused.value.status == status


def test_a_sender_who_stops_half_way_stores_nothing():
    class Cut(io.BytesIO):
        def read(self, *_):
            raise ConnectionResetError

    with pytest.raises(UnreadableForm) as refused:
        request(b"a=1", **{"wsgi.input": Cut()}).read_body()

    assert refused.value.status == 400


def test_more_fields_than_any_form_has_are_refused():
    with pytest.raises(UnreadableForm):
        request(b"&".join(b"a=1" for _ in range(201))).read_fields()


def test_a_body_without_a_length_is_empty():
    assert request(b"a=1", CONTENT_LENGTH="").read_fields() == {}


@pytest.mark.parametrize(
    ("query", "asked"),
    [("", ""), ("lang=en", "en"), ("lang=en&lang=zh", "zh"), ("lang=%E4%B8%AD", "中"), ("&" * 500, "")],
)
def test_the_query_gives_the_last_value(query, asked):
    assert request(QUERY_STRING=query).asked("lang") == asked


def test_the_address_is_the_one_that_came():
    assert request(QUERY_STRING="score=4&lang=zh").address == "/r/x/?score=4&lang=zh"
    assert request(SCRIPT_NAME="/feedback").address == "/feedback/r/x/"


@pytest.mark.parametrize(
    ("environ", "is_secure"),
    [({}, False), ({"wsgi.url_scheme": "https"}, True), ({"HTTP_X_FORWARDED_PROTO": "https, http"}, True)],
)
def test_https_is_known_also_behind_a_proxy(settings, environ, is_secure):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    assert request(**environ).is_secure is is_secure


def test_a_proxy_that_says_http_is_believed(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    assert not request(**{"wsgi.url_scheme": "https", "HTTP_X_FORWARDED_PROTO": "http"}).is_secure
