"""The WSGI entry point that the web server loads.

Customers take the short road of `config.answer_path`, everybody else goes through Django's handler. Each has places of its own, so neither
keeps the other waiting.
"""

import os
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

_django = get_wsgi_application()

from config.answer_path import PREFIXES, serve  # noqa: E402 - models are ready only now
from config.places import CUSTOMERS_AT_WORK, CUSTOMERS_WAITING, NoPlace, Places, impatient_database, patient_database  # noqa: E402 - the same
from feedback_site.common.public_pages import RETRY_AFTER_SECONDS  # noqa: E402 - the same
from surveys.services.background import background  # noqa: E402 - the same
from surveys.services.link_visits import flush_visits  # noqa: E402 - the same

background.enable(flush_visits)

# What works at a time in one process. All of it, waiting included, stays below the server's threads (`config.services`), so that there is
# always one to refuse with.
_customers = Places(most=CUSTOMERS_AT_WORK, most_waiting=CUSTOMERS_WAITING, make_database=impatient_database)
# Staff, service systems, health checks.
_others = Places(most=6, most_waiting=12, make_database=patient_database)


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Serve one request."""
    if environ["PATH_INFO"].startswith(PREFIXES):
        return serve(environ, start_response, places=_customers)
    try:
        with _others.take():
            return _django(environ, start_response)
    except NoPlace:
        start_response(f"503 {HTTPStatus.SERVICE_UNAVAILABLE.phrase}", [("Retry-After", RETRY_AFTER_SECONDS), ("Content-Length", "0")])
        return []
