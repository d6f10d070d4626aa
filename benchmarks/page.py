"""What a phone loads before the customer sees the questionnaire."""

import gzip
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import urlsplit

from benchmarks.table import Row, at_most
from feedback_site.demo.ports import HOST

MOST_KILOBYTES, MOST_REQUESTS = 10, 3
_SOURCES = {"link": "href", "script": "src", "img": "src", "iframe": "src", "source": "src"}
_LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}


class _Resources(HTMLParser):
    """Addresses that a browser fetches with the page.

    A page without an icon makes it ask for /favicon.ico.
    """

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.has_icon = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        relations = set((values.get("rel") or "").split())
        address = values.get(_SOURCES.get(tag, ""))
        if tag == "link":
            self.has_icon |= "icon" in relations
            address = address if relations & _LOADED_LINKS else None
        if address and not address.startswith("data:"):
            self.addresses.append(address)


def measure_page(port: int, token: str) -> list[Row]:
    """Fetch the page and what it loads as a phone would; return requests and bytes over the wire."""
    body, size = _fetch(port, f"/r/{token}/")
    resources = _Resources()
    resources.feed(body.decode())
    strangers = [address for address in resources.addresses if urlsplit(address).netloc]
    local = [address for address in resources.addresses if not urlsplit(address).netloc]
    total = size + sum(_fetch(port, address)[1] for address in local)
    requests = 1 + len(resources.addresses) + (not resources.has_icon)
    return [
        at_most("first view, gzipped", total / 1000, MOST_KILOBYTES, "kB", digits=1),
        at_most("first view, requests", requests, MOST_REQUESTS, ""),
        Row("first view, third-party hosts", str(len(strangers)), "0", not strangers),
    ]


def _fetch(port: int, path: str) -> tuple[bytes, int]:
    """Return the decoded body, and its size as sent."""
    connection = HTTPConnection(HOST, port)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Accept-Language": "zh-CN,zh;q=0.9"})
    response = connection.getresponse()
    sent = response.read()
    connection.close()
    return gzip.decompress(sent) if response.headers.get("Content-Encoding") == "gzip" else sent, len(sent)
