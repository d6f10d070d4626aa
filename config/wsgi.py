"""The WSGI entry point that the web server loads.

Customers' requests are served by `config.answer_path`, all others by Django's handler. Customers, staff with
systems, and operators have slots of their own, so that none of them keeps the others waiting. Bodies are read
before a slot is taken.
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
from feedback_site.common.public_pages import RETRY_AFTER_SECONDS  # noqa: E402 - the same
from feedback_site.operations.bodies import API, OPERATORS, BrokenBody, NoReader, Readers, read_first  # noqa: E402 - the same
from feedback_site.operations.slots import (  # noqa: E402 - the same
    CUSTOMERS_AT_WORK,
    CUSTOMERS_WAITING,
    NoSlot,
    Slots,
    impatient_database,
    patient_database,
)
from surveys.services.links.visits import flush_visits  # noqa: E402 - the same
from surveys.services.responses.background import background  # noqa: E402 - the same

background.enable(flush_visits)

# What works at a time in one process. All of it, waiting included, stays below the
# server's threads (`feedback_site.operations.processes`), so that there is always one to refuse with.
_customers = Slots(most=CUSTOMERS_AT_WORK, most_waiting=CUSTOMERS_WAITING, make_database=impatient_database)
# Staff and service systems.
_others = Slots(most=6, most_waiting=12, make_database=patient_database)
# Health checks and figures for operators, which tell what the others do.
_operators = Slots(most=2, most_waiting=4, make_database=patient_database)
_systems_bodies, _staff_bodies = Readers(most=24), Readers(most=16)


def application(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Serve one request."""
    if environ["PATH_INFO"].startswith(PREFIXES):
        return serve(environ, start_response, slots=_customers)
    path = environ["PATH_INFO"]
    slots = _operators if path.startswith(OPERATORS) else _others
    try:
        with read_first(environ, _systems_bodies if path.startswith(API) else _staff_bodies), slots.take():
            return _django(environ, start_response)
    except (NoSlot, NoReader):
        return _refuse(start_response, HTTPStatus.SERVICE_UNAVAILABLE, ("Retry-After", RETRY_AFTER_SECONDS))
    except BrokenBody:
        return _refuse(start_response, HTTPStatus.BAD_REQUEST)


def _refuse(
    start_response: "StartResponse", status: HTTPStatus, *headers: tuple[str, str]
) -> Iterable[bytes]:
    start_response(f"{status.value} {status.phrase}", [*headers, ("Content-Length", "0")])
    return []
